import type { Condition, ItemCondition } from './condition.ts';
import {
  type BuildingPlace,
  type ConditionBuilding,
  type ConditionNode,
  type Explained,
  type ExplainFuel,
  outcomeOf,
} from './condition-node.ts';
import { placeBelow } from './condition-place.ts';
import { type Decide, type Erred, negated, type Verdict } from './verdict.ts';

type Part = Condition | ItemCondition;

/** Compiles `all` or `any`. A part that decides outweighs an error of another; an error that reached a limit outweighs everything. */
export function compileGroup(
  group: { readonly kind: 'all' | 'any'; readonly parts: readonly Part[] },
  at: BuildingPlace,
  building: ConditionBuilding,
): ConditionNode {
  const { kind, parts } = group;
  const nodes = parts.map((part, index) => building.compile(part, { ...at, place: placeBelow(placeBelow(at.place, kind), index) }));
  const decisive = kind === 'any';
  return {
    ...(kind === 'all' ? { parts: nodes } : {}),
    decide: decideGroup(
      nodes.map((node) => node.decide),
      decisive,
    ),
    explain: (subject, fuel) => {
      const { verdict, explained } = explainParts(nodes, { subject, fuel, decisive });
      return { verdict, report: { kind, ...outcomeOf(verdict), conditions: explained.map(({ report }) => report) } };
    },
  };
}

function decideGroup(parts: readonly Decide[], decisive: boolean): Decide {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return (subject, frame) => {
    let error: Erred | undefined;
    for (const decide of parts) {
      const verdict = decide(subject, frame);
      if (verdict === decisive) return decisive;
      if (typeof verdict === 'boolean') continue;
      if (verdict.final) return verdict;
      error ??= verdict;
    }
    return error ?? !decisive;
  };
}

interface Explaining {
  readonly subject: unknown;
  readonly fuel: ExplainFuel;
  readonly decisive: boolean;
}

function explainParts(nodes: readonly ConditionNode[], explaining: Explaining): { verdict: Verdict; explained: readonly Explained[] } {
  const { subject, fuel, decisive } = explaining;
  const skipped = { frame: fuel.spare, spare: fuel.spare };
  let decided: Verdict | undefined;
  let error: Erred | undefined;
  const explained = nodes.map((node) => {
    const part = node.explain(subject, decided === undefined ? fuel : skipped);
    if (decided !== undefined) return part;
    if (part.verdict === decisive) decided = decisive;
    else if (typeof part.verdict !== 'boolean') {
      if (part.verdict.final) decided = part.verdict;
      error ??= part.verdict;
    }
    return part;
  });
  return { verdict: decided ?? error ?? !decisive, explained };
}

/** Compiles `not`. */
export function compileNegation(part: Part, at: BuildingPlace, building: ConditionBuilding): ConditionNode {
  const node = building.compile(part, { ...at, place: placeBelow(at.place, 'not') });
  return {
    decide: (subject, frame) => negated(node.decide(subject, frame)),
    explain: (subject, fuel) => {
      const inner = node.explain(subject, fuel);
      const verdict = negated(inner.verdict);
      return { verdict, report: { kind: 'not', ...outcomeOf(verdict), condition: inner.report } };
    },
  };
}
