import { isForbiddenName } from '../expression/forbidden-name.ts';
import { isPlainObject } from '../expression/read-member.ts';
import type { Json } from '../json/json.ts';
import { invalidAutomation } from './automation-error.ts';

/** Deepest nesting of an input; what compiles it stops there too. */
const deepest = 100;

/** A copy of a step's input in plain JSON. Whatever JSON cannot say is refused, because the copy would say something else. Throws `automation_invalid`. */
export function copyInput(value: unknown, place: string): Json {
  return copy(value, place, 0);
}

function copy(value: unknown, place: string, depth: number): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth === deepest) throw invalidAutomation(`${place.slice(0, 200)}: it is nested more than ${deepest} deep; make it flatter`);
  if (Array.isArray(value)) return Array.from(value, (item: unknown, index) => copy(item, `${place}[${index}]`, depth + 1));
  if (isPlainObject(value)) return Object.fromEntries(membersOf(value, place, depth));
  throw invalidAutomation(`${place}: it is not JSON; use null, booleans, finite numbers, strings, lists and plain objects`);
}

/** The members, copied. One that is undefined is absent, as everywhere in JavaScript. */
function membersOf(object: Readonly<Record<string, unknown>>, place: string, depth: number): [string, Json][] {
  return Object.entries(object).flatMap(([name, member]): [string, Json][] => {
    if (isForbiddenName(name)) throw invalidAutomation(`${place}: the name ${name} is not allowed; rename the member`);
    return member === undefined ? [] : [[name, copy(member, `${place}.${name}`, depth + 1)]];
  });
}
