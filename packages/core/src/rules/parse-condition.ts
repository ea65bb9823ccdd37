import { isPlainObject } from '../expression/read-member.ts';
import type { Condition } from './condition.ts';
import { invalidCondition } from './condition-error.ts';
import { type ConditionPlace, placeBelow } from './condition-place.ts';
import { parseFieldCondition } from './parse-field-condition.ts';

interface ConditionReading {
  /** Conditions that may still come. */
  left: number;
}

/** Most conditions in one, groups counted. */
const mostConditions = 200;
/** Deepest nesting of one. */
const deepest = 16;

const kinds = ['all', 'any', 'not', 'cel', 'op'] as const;

/**
 * Parses a condition that nobody has checked. Strict: an unknown member, operator or kind of value is refused. Throws
 * `condition_invalid` naming the place; paths, patterns and formulas are checked by `compileCondition`.
 */
export function parseCondition(value: unknown): Condition {
  return parsePart(value, { place: '', depth: 0, ofItem: false }, { left: mostConditions });
}

// The checks below establish the type; TypeScript cannot follow them through members read by name.
function parsePart(value: unknown, at: ConditionPlace, reading: ConditionReading): Condition {
  if (reading.left-- === 0) throw invalidCondition(at.place, `it has more than ${mostConditions} conditions; split it.`);
  if (at.depth > deepest) throw invalidCondition(at.place, `it is nested more than ${deepest} deep; make it flatter.`);
  if (!isPlainObject(value)) throw invalidCondition(at.place, 'a condition is an object such as { field, op, value }.');
  const present = kinds.filter((kind) => Object.hasOwn(value, kind));
  const [kind] = present;
  if (kind === undefined || present.length > 1)
    throw invalidCondition(at.place, 'a condition has exactly one of all, any, not, cel and op.');
  if (kind === 'op') return parseFieldCondition(value, at, (where, place) => parsePart(where, place, reading)) as Condition;
  const extra = Object.keys(value).find((name) => name !== kind);
  if (extra !== undefined) throw invalidCondition(placeBelow(at.place, extra), `"${kind}" stands alone; remove this member.`);
  const inside = { ...at, place: placeBelow(at.place, kind), depth: at.depth + 1 };
  const content = value[kind];
  if (kind === 'cel') return { cel: parseFormula(content, inside) };
  if (kind === 'not') return { not: parsePart(content, inside, reading) };
  const parts = parseParts(content, inside, reading);
  return kind === 'all' ? { all: parts } : { any: parts };
}

function parseParts(value: unknown, at: ConditionPlace, reading: ConditionReading): readonly Condition[] {
  if (!Array.isArray(value)) throw invalidCondition(at.place, 'a list of conditions is needed.');
  const parts: readonly unknown[] = value;
  if (parts.length === 0 && at.place.endsWith('any')) throw invalidCondition(at.place, 'an empty list never holds; add a condition.');
  return parts.map((part, index) => parsePart(part, { ...at, place: placeBelow(at.place, index) }, reading));
}

function parseFormula(value: unknown, at: ConditionPlace): string {
  if (typeof value !== 'string' || value.trim() === '') throw invalidCondition(at.place, 'a formula in CEL is needed, as a string.');
  return value;
}
