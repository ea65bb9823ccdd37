import { compilePattern } from '../expression/compile-pattern.ts';
import type { Json } from '../json/json.ts';
import type { MappingCheck } from './mapping-definition.ts';
import { invalidMapping } from './mapping-error.ts';
import { Unfit } from './mapping-fault.ts';
import { type MappingFuel, spend } from './mapping-fuel.ts';

/** Throws an `Unfit` for a value that may not be. */
export type CheckValue = (value: Json, fuel: MappingFuel) => void;

/** Compiles what a value must be. Throws `mapping_invalid` for a pattern that is none, or bounds that nothing keeps. */
export function compileCheck(check: MappingCheck, place: string): CheckValue {
  const { oneOf, pattern } = check;
  checkBounds(check, place);
  const known = oneOf && new Set<Json>(oneOf);
  const matches = pattern === undefined ? undefined : compiledPattern(pattern, `${place}.pattern`);
  return (value, fuel) => {
    spend(fuel);
    if (known && !known.has(value)) throw new Unfit('it is none of the values that may be');
    checkSize(check, value);
    if (matches === undefined) return;
    if (typeof value !== 'string') throw new Unfit('it is no text, and a pattern is of text');
    if (!matches.test(fuel, value)) throw new Unfit('it does not match the pattern');
  };
}

function checkSize({ minimum, maximum, minLength, maxLength }: MappingCheck, value: Json): void {
  if (minimum !== undefined || maximum !== undefined) {
    if (typeof value !== 'number') throw new Unfit('it is no number, and the bounds are of numbers');
    if (minimum !== undefined && value < minimum) throw new Unfit(`it is less than ${minimum}`);
    if (maximum !== undefined && value > maximum) throw new Unfit(`it is more than ${maximum}`);
  }
  if (minLength === undefined && maxLength === undefined) return;
  const length = lengthOf(value);
  if (minLength !== undefined && length < minLength) throw new Unfit(`it is shorter than ${minLength}`);
  if (maxLength !== undefined && length > maxLength) throw new Unfit(`it is longer than ${maxLength}`);
}

/** Characters as people count them, or items. */
function lengthOf(value: Json): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'string') throw new Unfit('it has no length; text and lists have one');
  let length = 0;
  for (const _character of value) length += 1;
  return length;
}

function compiledPattern(source: string, place: string): Exclude<ReturnType<typeof compilePattern>, string> {
  const compiled = compilePattern(source);
  if (typeof compiled === 'string') throw invalidMapping(place, `${compiled}.`);
  return compiled;
}

function checkBounds({ minimum, maximum, minLength, maxLength }: MappingCheck, place: string): void {
  const crossed =
    (minimum !== undefined && maximum !== undefined && minimum > maximum) ||
    (minLength !== undefined && maxLength !== undefined && minLength > maxLength);
  if (crossed) throw invalidMapping(place, 'the lower bound is above the upper one, so nothing could be.');
}
