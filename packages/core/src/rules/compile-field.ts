import { type Path, parsePath } from '../expression/path.ts';
import { readPath } from '../expression/read-path.ts';
import type { Json } from '../json/json.ts';
import { actualValue } from './actual-value.ts';
import { checkField, type FieldPlace } from './check-field.ts';
import { compileChange, isChangeOperator } from './compare-change.ts';
import { compileComparison } from './compile-comparison.ts';
import { compileItems, type ItemsTest } from './compile-items.ts';
import type { Comparison, FieldCondition, ItemFieldCondition } from './condition.ts';
import { invalidCondition } from './condition-error.ts';
import { type BuildingPlace, type ConditionBuilding, type ConditionNode, outcomeOf } from './condition-node.ts';
import { placeBelow } from './condition-place.ts';
import type { FieldReport } from './condition-report.ts';
import { previousValue } from './previous-value.ts';
import type { Decide } from './verdict.ts';

/** Compiles an operator on a field. Throws `condition_invalid` for a field that is no path or starts at no variable. */
export function compileField(
  condition: FieldCondition | ItemFieldCondition,
  at: BuildingPlace,
  building: ConditionBuilding,
): ConditionNode {
  const path = condition.field === undefined ? [] : compilePath(condition.field, at, building);
  const item = checkField(condition, { place: at.place, ...startOf(path, at, building) });
  const items = compileItemsOf(condition, { ...at, item }, building);
  const test = items?.decide ?? compileTest(condition, path, { at, building });
  const described = describeLeaf(condition);
  return {
    ...(at.ofItem ? {} : { leaf: { path, test } }),
    decide: path.length === 0 ? test : (subject, frame) => test(readPath(subject, path), frame),
    explain: (subject, fuel) => {
      const value = readPath(subject, path);
      const verdict = test(value, fuel.frame);
      const found = {
        ...(items === undefined ? {} : { items: items.report(value, fuel) }),
        ...(isChangeOperator(condition.op) ? previousReport(fuel.frame.scope, path) : {}),
      };
      return { verdict, report: { kind: 'field', ...outcomeOf(verdict), ...described, actual: actualValue(value), ...found } };
    },
  };
}

/** What a path starts from, and the path from there. */
function startOf(path: Path, at: BuildingPlace, { shapes }: ConditionBuilding): Pick<FieldPlace, 'from' | 'path' | 'before'> {
  if (at.ofItem) return { from: shapes && at.item, path, before: ['item'] };
  const [root = '', ...rest] = path;
  return { from: shapes?.get(String(root)), path: rest, before: [root] };
}

function compilePath(field: string, at: BuildingPlace, building: ConditionBuilding): Path {
  const place = placeBelow(at.place, 'field');
  const parsed = parsePath(field);
  if ('reason' in parsed) throw invalidCondition(place, `${parsed.reason}, at character ${parsed.offset + 1}; correct the path.`);
  if (at.ofItem) return parsed.path;
  const [root] = parsed.path;
  if (building.roots !== undefined && !building.roots.includes(String(root))) {
    throw invalidCondition(
      place,
      `there is no variable "${String(root).slice(0, 40)}"; there are ${[...building.roots].sort().join(', ')}.`,
    );
  }
  building.reads.push(parsed.path);
  return parsed.path;
}

function compileItemsOf(condition: Comparison, at: BuildingPlace, building: ConditionBuilding): ItemsTest | undefined {
  if (condition.where === undefined) return undefined;
  const node = building.compile(condition.where, { place: placeBelow(at.place, 'where'), ofItem: true, item: at.item });
  return compileItems(condition.op, condition.where, node);
}

interface Building {
  readonly at: BuildingPlace;
  readonly building: ConditionBuilding;
}

function compileTest(condition: Comparison, path: Path, { at, building }: Building): Decide {
  if (condition.where !== undefined) throw invalidCondition(at.place, 'this operator looks at items.');
  if (condition.op !== 'changed' && condition.op !== 'changed_from' && condition.op !== 'changed_to')
    return compileComparison(condition, at, building);
  if (at.ofItem || path[0] !== 'event' || path[1] !== 'data')
    throw invalidCondition(placeBelow(at.place, 'field'), 'what was before is known of event.data only; name a field of it.');
  return compileChange(condition.op, path, condition.value);
}

function previousReport(scope: Readonly<Record<string, unknown>>, path: Path): Pick<FieldReport, 'previous'> {
  const previous = previousValue(scope, path);
  return 'value' in previous ? { previous: actualValue(previous.value) } : {};
}

function describeLeaf(condition: FieldCondition | ItemFieldCondition): Pick<FieldReport, 'field' | 'op' | 'expected' | 'ignoreCase'> {
  const { field = '', op, ignoreCase } = condition;
  const expected: Json | undefined = condition.value;
  return {
    field,
    op,
    ...(expected === undefined ? {} : { expected }),
    ...(ignoreCase === undefined ? {} : { ignoreCase }),
  };
}
