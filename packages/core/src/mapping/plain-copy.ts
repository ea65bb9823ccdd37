import { isPlainObject } from '../expression/read-member.ts';
import type { Json } from '../json/json.ts';
import { Unfit } from './mapping-fault.ts';
import { type MappingFuel, spend } from './mapping-fuel.ts';

/** Deepest nesting of what is carried over; an event's data nests no deeper. */
const deepest = 64;

/** A copy in plain JSON, paid for by its size. Members named `__proto__` are left behind: whoever copies them by assignment changes a prototype. */
export function plainCopy(value: unknown, fuel: MappingFuel, depth = 0): Json {
  spend(fuel, typeof value === 'string' ? value.length : 0);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  // JSON has one zero: adding 0 makes -0 that one, so that what is mapped is what will be read from the store.
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  if (depth === deepest) throw new Unfit(`it is nested more than ${deepest} deep`);
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => plainCopy(item, fuel, depth + 1));
  if (!isPlainObject(value)) throw new Unfit('it is not JSON');
  const copy: Record<string, Json> = {};
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (name === '__proto__' || member === undefined) continue;
    spend(fuel, name.length);
    copy[name] = plainCopy(member, fuel, depth + 1);
  }
  return copy;
}
