import { isForbiddenName } from '../expression/forbidden-name.ts';
import { isPlainObject } from '../expression/read-member.ts';
import { parseTimestamp } from '../expression/timestamp.ts';
import { didYouMean } from '../json/did-you-mean.ts';
import type { Json } from '../json/json.ts';
import { parseSpan } from './compare-age.ts';
import { invalidCondition } from './condition-error.ts';
import { type ConditionPlace, placeBelow } from './condition-place.ts';
import { isOperator, type OperandKind, operators } from './operators.ts';

type Members = Readonly<Record<string, unknown>>;
type ParseWhere = (where: unknown, at: ConditionPlace) => unknown;

/** Most values of `in`. */
const mostScalars = 1_000;

/** Parses `{ field, op, … }` and answers a copy with its known members only. Throws `condition_invalid` naming the place. */
export function parseFieldCondition(members: Members, at: ConditionPlace, parseWhere: ParseWhere): Members {
  const { op, field, ignoreCase } = members;
  const below = (name: string): string => placeBelow(at.place, name);
  if (!isOperator(op))
    throw invalidCondition(
      below('op'),
      `there is no such operator${didYouMean(op, Object.keys(operators))}; there are ${Object.keys(operators).join(', ')}.`,
    );
  const { operand, text, ofEvent = false } = operators[op];
  if (ofEvent && at.ofItem)
    throw invalidCondition(below('op'), 'this operator compares the event with what was before; use it outside of "where".');
  const own = operand === 'none' ? [] : [operand === 'where' ? 'where' : 'value'];
  refuseOthers(members, ['op', 'field', ...own, ...(text ? ['ignoreCase'] : [])], at);
  if (field === undefined ? !at.ofItem : typeof field !== 'string')
    throw invalidCondition(below('field'), 'a path such as "event.data.id" is needed.');
  if (ignoreCase !== undefined && typeof ignoreCase !== 'boolean') throw invalidCondition(below('ignoreCase'), 'true or false is needed.');
  return {
    ...(field === undefined ? {} : { field }),
    op,
    ...(operand === 'where' ? { where: parseWhere(members['where'], { place: below('where'), depth: at.depth + 1, ofItem: true }) } : {}),
    ...(own[0] === 'value' ? { value: parseValue(members['value'], operand, below('value')) } : {}),
    ...(ignoreCase === undefined ? {} : { ignoreCase }),
  };
}

function refuseOthers(members: Members, known: readonly string[], at: ConditionPlace): void {
  const extra = Object.keys(members).find((name) => !known.includes(name));
  if (extra !== undefined) throw invalidCondition(placeBelow(at.place, extra), `this operator takes ${known.join(', ')} only.`);
}

const expected: Readonly<Record<OperandKind, string>> = {
  json: 'a JSON value is needed.',
  scalars: `a list of strings, numbers, booleans or null is needed, 1 to ${mostScalars}.`,
  scalar: 'a string, number, boolean or null is needed.',
  text: 'a string is needed.',
  orderable: 'a finite number or a string is needed.',
  timestamp: 'an RFC 3339 timestamp such as "2026-01-31T08:00:00Z" is needed.',
  span: 'a length of time such as "90m", "36h", "7d" or "2w" is needed.',
  none: '',
  where: '',
};

const accepts: Readonly<Record<OperandKind, (value: unknown) => boolean>> = {
  json: (value) => isJson(value, 32),
  scalars: (value) => Array.isArray(value) && value.length > 0 && value.length <= mostScalars && value.every(isScalar),
  scalar: isScalar,
  text: (value) => typeof value === 'string',
  orderable: (value) => typeof value === 'string' || Number.isFinite(value),
  timestamp: (value) => typeof value === 'string' && parseTimestamp(value) !== undefined,
  span: (value) => typeof value === 'string' && parseSpan(value) !== undefined,
  none: () => true,
  where: () => true,
};

function parseValue(value: unknown, operand: OperandKind, place: string): unknown {
  if (!accepts[operand](value)) throw invalidCondition(place, expected[operand]);
  return structuredClone(value);
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function isJson(value: unknown, depth: number): value is Json {
  if (isScalar(value)) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1));
  return isPlainObject(value) && Object.entries(value).every(([name, member]) => !isForbiddenName(name) && isJson(member, depth - 1));
}
