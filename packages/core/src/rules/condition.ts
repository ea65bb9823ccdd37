import type { Json } from '../json/json.ts';

/** A value that JSON writes without brackets. */
export type Scalar = string | number | boolean | null;

/** Every member that some kind of condition has: each kind rules out the others'. */
type Member = 'all' | 'any' | 'not' | 'cel' | 'field' | 'op' | 'value' | 'where' | 'ignoreCase';
type Only<Shape> = Shape & { readonly [Name in Exclude<Member, keyof Shape>]?: never };
type Operation<Shape> = Shape & { readonly [Name in Exclude<Member, keyof Shape | 'field'>]?: never };

/** An operator with what it compares to. `ignoreCase` compares text without regard to case. @default false */
export type Comparison =
  | Operation<{ readonly op: 'equals' | 'not_equals'; readonly value: Json; readonly ignoreCase?: boolean }>
  | Operation<{ readonly op: 'in' | 'not_in'; readonly value: readonly Scalar[]; readonly ignoreCase?: boolean }>
  | Operation<{ readonly op: 'contains' | 'not_contains'; readonly value: Scalar; readonly ignoreCase?: boolean }>
  | Operation<{ readonly op: 'starts_with' | 'ends_with' | 'matches'; readonly value: string; readonly ignoreCase?: boolean }>
  | Operation<{ readonly op: 'exists' | 'not_exists' | 'is_empty' | 'is_not_empty' }>
  | Operation<{ readonly op: 'changed' }>
  | Operation<{ readonly op: 'changed_from'; readonly value: Json }>
  | Operation<{ readonly op: 'changed_to'; readonly value: Json }>
  | Operation<{ readonly op: AgeOperator; readonly value: string }>
  | Operation<{ readonly op: OrderOperator; readonly value: number | string }>
  | Operation<{ readonly op: 'before' | 'after'; readonly value: string }>
  | Operation<{ readonly op: 'some' | 'every' | 'none'; readonly where: ItemCondition }>;

/** Operators that order numbers, or text by code points. */
export type OrderOperator = 'greater_than' | 'greater_or_equal' | 'less_than' | 'less_or_equal';

/** Operators that compare a field with what it held before the event. */
export type ChangeOperator = 'changed' | 'changed_from' | 'changed_to';

/** Operators that compare a date with now, by a length of time such as `36h`, `7d` or `2w`. */
export type AgeOperator = 'within_last' | 'within_next' | 'older_than';

/** The name of an operator. */
export type Operator = Comparison['op'];

/** An operator on a field: a path from the root of the scope, such as `event.data.issue.labels`. */
export type FieldCondition = Comparison & { readonly field: string };

/** An operator on a member of a list's item, or on the item itself where `field` is absent. */
export type ItemFieldCondition = Exclude<Comparison, { readonly op: ChangeOperator }> & { readonly field?: string };

/** A formula that answers a bool. */
export type CelCondition = Only<{ readonly cel: string }>;

/**
 * What must hold for an automation to run: groups, operators on fields, formulas. One that errs is false, and so is its negation.
 * Definitions from elsewhere are parsed with `parseCondition`.
 */
export type Condition =
  | Only<{ readonly all: readonly Condition[] }>
  | Only<{ readonly any: readonly Condition[] }>
  | Only<{ readonly not: Condition }>
  | CelCondition
  | FieldCondition;

/** A condition on an item of a list; fields are paths from the item, and formulas know it as `item`. */
export type ItemCondition =
  | Only<{ readonly all: readonly ItemCondition[] }>
  | Only<{ readonly any: readonly ItemCondition[] }>
  | Only<{ readonly not: ItemCondition }>
  | CelCondition
  | ItemFieldCondition;
