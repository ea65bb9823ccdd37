import { actualValue, shorten } from './actual-value.ts';
import type { Condition, FieldCondition, ItemCondition, ItemFieldCondition } from './condition.ts';
import { operators } from './operators.ts';

/** Longest description, in characters. */
const longest = 200;

/** A condition in words, as in `name equals "bug"`, cut to 200 characters. */
export function describeCondition(condition: Condition | ItemCondition): string {
  return shorten(describe(condition, false), longest);
}

function describe(condition: Condition | ItemCondition, nested: boolean): string {
  if (condition.all !== undefined) return describeGroup(condition.all, { word: 'and', empty: 'anything', nested });
  if (condition.any !== undefined) return describeGroup(condition.any, { word: 'or', empty: 'nothing', nested });
  if (condition.not !== undefined) return `not (${describe(condition.not, false)})`;
  if (condition.cel !== undefined) return shorten(condition.cel.replace(/\s+/g, ' '), 80);
  return describeField(condition);
}

function describeGroup(parts: readonly (Condition | ItemCondition)[], words: { word: string; empty: string; nested: boolean }): string {
  if (parts.length === 0) return words.empty;
  const text = parts.map((part) => describe(part, parts.length > 1)).join(` ${words.word} `);
  return words.nested && parts.length > 1 ? `(${text})` : text;
}

function describeField(condition: FieldCondition | ItemFieldCondition): string {
  const { holds } = operators[condition.op];
  const subject = condition.field === undefined ? 'value' : condition.field;
  if (condition.where !== undefined) return `${subject}: ${holds} ${describe(condition.where, true)}`;
  return `${subject} ${describeOperand(holds, condition.value)}`;
}

/** A verb with what it compares to: `equals "bug"`, or the verb alone. */
export function describeOperand(verb: string, operand: unknown): string {
  return operand === undefined ? verb : `${verb} ${shorten(actualValue(operand).text, 80)}`;
}
