import { expectTypeOf } from 'vitest';
import type { Json } from '../json/json.ts';
import type { Condition } from './condition.ts';
import type { ConditionReport } from './condition-report.ts';

const written: Condition = {
  all: [
    { field: 'event.data.action', op: 'equals', value: 'opened' },
    { any: [{ not: { field: 'event.data.n', op: 'in', value: [1, 'a', null] } }, { cel: 'event.data.n > 3' }] },
    { field: 'event.data.labels', op: 'some', where: { all: [{ field: 'name', op: 'equals', value: 'bug' }, { op: 'exists' }] } },
  ],
};
expectTypeOf(written).toExtend<Condition>();
expectTypeOf<ConditionReport>().toExtend<Json>();

// @ts-expect-error a group holds no field besides
export const mixed: Condition = { all: [], field: 'a', op: 'exists' };
// @ts-expect-error two groups are two conditions
export const twoGroups: Condition = { all: [], any: [] };
// @ts-expect-error there is no such operator
export const unknownOperator: Condition = { field: 'a', op: 'equal', value: 1 };
// @ts-expect-error this operator needs a value
export const missingValue: Condition = { field: 'a', op: 'equals' };
// @ts-expect-error this operator takes no value
export const needlessValue: Condition = { field: 'a', op: 'exists', value: 1 };
// @ts-expect-error an order is of numbers or text
export const wrongValue: Condition = { field: 'a', op: 'greater_than', value: true };
// @ts-expect-error a list is needed
export const wrongList: Condition = { field: 'a', op: 'in', value: 'x' };
// @ts-expect-error a field is needed outside a where
export const missingField: Condition = { op: 'equals', value: 1 };
// @ts-expect-error some needs a where
export const missingWhere: Condition = { field: 'a', op: 'some', value: 1 };
// @ts-expect-error an order knows no case
export const needlessCase: Condition = { field: 'a', op: 'less_than', value: 'x', ignoreCase: true };
