import { formatTimestamp, parseTimestamp, timestampOf } from '../expression/timestamp.ts';
import type { Json } from '../json/json.ts';
import type { MappingTransform } from './mapping-definition.ts';
import { Unfit } from './mapping-fault.ts';
import { type MappingFuel, spend, spendTime } from './mapping-fuel.ts';

/** Changes one value. Throws {@link Unfit} for a value that the transform does not take. */
export type ApplyTransform = (value: Json, fuel: MappingFuel) => Json;

/** Most items that a text is split into. */
const mostParts = 10_000;

/** What a transform does. */
export function applierOf(transform: MappingTransform): ApplyTransform {
  if (typeof transform === 'string') return named[transform];
  if ('split' in transform) return (value, fuel) => splitText(textOf(value, 'split', fuel), transform.split, fuel);
  if ('join' in transform) return (value, fuel) => joinItems(value, transform.join, fuel);
  if ('scale' in transform) return (value) => finite(numberOf(value, 'scale') * transform.scale);
  if ('round' in transform) return (value) => roundTo(numberOf(value, 'round'), transform.round);
  const table = new Map(Object.entries(transform.values));
  return (value) => {
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const found = (isScalar ? table.get(String(value)) : undefined) ?? transform.otherwise;
    if (found === undefined) throw new Unfit('the table of values has nothing for it');
    return found;
  };
}

const named: Readonly<Record<Extract<MappingTransform, string>, ApplyTransform>> = {
  trim: (value, fuel) => textOf(value, 'trim', fuel).trim(),
  lower: (value, fuel) => textOf(value, 'lower', fuel).toLowerCase(),
  upper: (value, fuel) => textOf(value, 'upper', fuel).toUpperCase(),
  first(value) {
    if (!Array.isArray(value)) throw new Unfit('first takes a list');
    const [item]: readonly Json[] = value;
    return item ?? null;
  },
  from_unix_seconds: (value, fuel) => momentOf(numberOf(value, 'from_unix_seconds') * 1_000, fuel),
  to_unix_seconds: (value, fuel) => millisecondsOf(value, 'to_unix_seconds', fuel) / 1_000,
  from_unix_milliseconds: (value, fuel) => momentOf(numberOf(value, 'from_unix_milliseconds'), fuel),
  to_unix_milliseconds: (value, fuel) => millisecondsOf(value, 'to_unix_milliseconds', fuel),
};

function textOf(value: Json, name: string, fuel: MappingFuel): string {
  if (typeof value !== 'string') throw new Unfit(`${name} takes text`);
  spend(fuel, value.length);
  return value;
}

function numberOf(value: Json, name: string): number {
  if (typeof value !== 'number') throw new Unfit(`${name} takes a number`);
  return value;
}

function splitText(text: string, separator: string, fuel: MappingFuel): readonly Json[] {
  const parts = text.split(separator, mostParts + 1);
  if (parts.length > mostParts) throw new Unfit(`it splits into more than ${mostParts} parts`);
  for (const part of parts) spend(fuel, part.length);
  return parts;
}

function joinItems(value: Json, separator: string, fuel: MappingFuel): string {
  if (!Array.isArray(value)) throw new Unfit('join takes a list');
  const items: readonly Json[] = value;
  for (const item of items) {
    if (typeof item !== 'string' && typeof item !== 'number') throw new Unfit('join takes a list of text and numbers');
    spend(fuel, String(item).length + separator.length);
  }
  return items.join(separator);
}

function finite(number: number): number {
  if (Number.isFinite(number)) return number;
  throw new Unfit('it is beyond the numbers');
}

/** Half away from zero, by the number's shortest text, so that 1.005 with two digits is 1.01. */
function roundTo(number: number, digits: number): number {
  const [mantissa = '0', exponent = '0'] = String(Math.abs(number)).split('e');
  const whole = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`));
  const rounded = Number(`${whole}e${-digits}`);
  return finite(number < 0 ? -rounded : rounded);
}

function momentOf(milliseconds: number, fuel: MappingFuel): string {
  spendTime(fuel);
  const moment = Number.isFinite(milliseconds) ? timestampOf(BigInt(Math.round(milliseconds)) * 1_000_000n) : undefined;
  if (moment === undefined) throw new Unfit('it is outside the years 1 to 9999');
  return formatTimestamp(moment);
}

function millisecondsOf(value: Json, name: string, fuel: MappingFuel): number {
  spendTime(fuel);
  const moment = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (moment === undefined) throw new Unfit(`${name} takes a timestamp as in RFC 3339`);
  return Number(moment.nanoseconds / 1_000_000n);
}
