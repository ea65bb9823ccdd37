import { type Frame, spendSteps } from '../expression/frame.ts';
import { describeKind } from './actual-value.ts';
import type { ItemCondition } from './condition.ts';
import type { ConditionNode, ExplainFuel } from './condition-node.ts';
import type { ItemsReport } from './condition-report.ts';
import { describeCondition } from './describe-condition.ts';
import { type Decide, type Erred, erred, guarded, negated, type Verdict } from './verdict.ts';

/** A compiled `some`, `every` or `none`: its test of the list, and its report of the items. */
export interface ItemsTest {
  readonly decide: Decide;
  readonly report: (list: unknown, fuel: ExplainFuel) => ItemsReport;
}

/** Most items that a report shows. */
const mostSamples = 3;

/** Compiles `some`, `every` or `none` over a compiled `where`. On an absent list `some` and `every` are false, `none` is true. */
export function compileItems(op: 'some' | 'every' | 'none', where: ItemCondition, node: ConditionNode): ItemsTest {
  const decisive = op !== 'every';
  const scan = (list: unknown, frame: Frame): Verdict => {
    if (list === undefined || list === null) return false;
    if (!Array.isArray(list)) return erred(`it is ${describeKind(list)}, not a list`);
    return scanItems(list, { decide: node.decide, frame, decisive });
  };
  const words = describeCondition(where);
  return {
    decide: guarded(op === 'none' ? (list, frame) => negated(scan(list, frame)) : scan),
    report: (list, { spare }) => ({ where: words, samples: Array.isArray(list) ? sampleItems(list, node, { spare, decisive }) : [] }),
  };
}

interface Scan {
  readonly decide: Decide;
  readonly frame: Frame;
  readonly decisive: boolean;
}

// The same rule as in a group: an item that decides outweighs an error of another.
function scanItems(list: readonly unknown[], scan: Scan): Verdict {
  let error: Erred | undefined;
  for (const item of list) {
    spendSteps(scan.frame, 1);
    const verdict = scan.decide(item, scan.frame);
    if (verdict === scan.decisive) return verdict;
    if (typeof verdict === 'boolean') continue;
    if (verdict.final) return verdict;
    error ??= verdict;
  }
  return error ?? !scan.decisive;
}

// The item that decides says most; where none does, the first few show what was there.
function sampleItems(list: readonly unknown[], node: ConditionNode, options: { spare: Frame; decisive: boolean }): ItemsReport['samples'] {
  const { spare, decisive } = options;
  const deciding = list.findIndex((item) => node.decide(item, spare) === decisive);
  const indexes = deciding === -1 ? list.slice(0, mostSamples).map((_item, index) => index) : [deciding];
  return indexes.map((index) => ({ index, report: node.explain(list[index], { frame: spare, spare }).report }));
}
