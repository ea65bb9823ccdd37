import type { Operator } from './condition.ts';

/** What an operator takes beside its field. */
export type OperandKind = 'json' | 'scalars' | 'scalar' | 'text' | 'none' | 'orderable' | 'timestamp' | 'span' | 'where';

/** An operator's operand, and how it reads when it holds and when it does not. */
export interface OperatorDescription {
  readonly operand: OperandKind;
  /** True where `ignoreCase` may be given. */
  readonly text: boolean;
  /** True where it is about the event as a whole, and not about an item of a list. @default false */
  readonly ofEvent?: boolean;
  readonly holds: string;
  readonly fails: string;
}

/** All operators of conditions. */
export const operators: Readonly<Record<Operator, OperatorDescription>> = {
  equals: { operand: 'json', text: true, holds: 'equals', fails: 'does not equal' },
  not_equals: { operand: 'json', text: true, holds: 'does not equal', fails: 'equals' },
  in: { operand: 'scalars', text: true, holds: 'is one of', fails: 'is not one of' },
  not_in: { operand: 'scalars', text: true, holds: 'is not one of', fails: 'is one of' },
  contains: { operand: 'scalar', text: true, holds: 'contains', fails: 'does not contain' },
  not_contains: { operand: 'scalar', text: true, holds: 'does not contain', fails: 'contains' },
  starts_with: { operand: 'text', text: true, holds: 'starts with', fails: 'does not start with' },
  ends_with: { operand: 'text', text: true, holds: 'ends with', fails: 'does not end with' },
  matches: { operand: 'text', text: true, holds: 'matches', fails: 'does not match' },
  exists: { operand: 'none', text: false, holds: 'exists', fails: 'does not exist' },
  not_exists: { operand: 'none', text: false, holds: 'does not exist', fails: 'exists' },
  is_empty: { operand: 'none', text: false, holds: 'is empty', fails: 'is not empty' },
  is_not_empty: { operand: 'none', text: false, holds: 'is not empty', fails: 'is empty' },
  changed: { operand: 'none', text: false, ofEvent: true, holds: 'has changed', fails: 'has not changed' },
  changed_from: { operand: 'json', text: false, ofEvent: true, holds: 'has changed from', fails: 'has not changed from' },
  changed_to: { operand: 'json', text: false, ofEvent: true, holds: 'has changed to', fails: 'has not changed to' },
  greater_than: { operand: 'orderable', text: false, holds: 'is greater than', fails: 'is not greater than' },
  greater_or_equal: { operand: 'orderable', text: false, holds: 'is at least', fails: 'is not at least' },
  less_than: { operand: 'orderable', text: false, holds: 'is less than', fails: 'is not less than' },
  less_or_equal: { operand: 'orderable', text: false, holds: 'is at most', fails: 'is not at most' },
  before: { operand: 'timestamp', text: false, holds: 'is before', fails: 'is not before' },
  after: { operand: 'timestamp', text: false, holds: 'is after', fails: 'is not after' },
  within_last: { operand: 'span', text: false, holds: 'is within the last', fails: 'is not within the last' },
  within_next: { operand: 'span', text: false, holds: 'is within the next', fails: 'is not within the next' },
  older_than: { operand: 'span', text: false, holds: 'is older than', fails: 'is not older than' },
  some: { operand: 'where', text: false, holds: 'some item with', fails: 'no item with' },
  every: { operand: 'where', text: false, holds: 'every item with', fails: 'not every item with' },
  none: { operand: 'where', text: false, holds: 'no item with', fails: 'some item with' },
};

/** True for the name of an operator. */
export function isOperator(name: unknown): name is Operator {
  return typeof name === 'string' && Object.hasOwn(operators, name);
}
