import { formatTimestamp, parseTimestamp } from '../expression/timestamp.ts';
import type { Json } from '../json/json.ts';
import type { MappingType } from './mapping-definition.ts';
import { Unfit } from './mapping-fault.ts';

const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const datePattern = /^\d{4}-\d\d-\d\d$/;

/** Longest text that is read as a number. */
const longestNumber = 40;

/** A value as another type. Nothing is guessed and nothing rounded. Throws {@link Unfit} with the reason. */
export function convertValue(value: Json, type: MappingType): Json {
  switch (type) {
    case 'string':
      return toText(value);
    case 'number':
      return toNumber(value);
    case 'integer':
      return toInteger(value);
    case 'boolean':
      return toBoolean(value);
    case 'timestamp':
      return toTimestamp(value);
    case 'date':
      return toDate(value);
    case 'list':
      if (Array.isArray(value)) return value;
      throw new Unfit('it is no list');
    case 'object':
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
      throw new Unfit('it is no object');
  }
}

/** True where the value is of the type already, as a service would send it. */
export function isOfType(value: Json, type: MappingType): boolean {
  try {
    const converted = convertValue(value, type);
    return typeof converted === typeof value;
  } catch (thrown) {
    if (thrown instanceof Unfit) return false;
    throw thrown;
  }
}

function toText(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Unfit('it cannot be made text');
}

function toNumber(value: Json): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    const text = value.trim();
    const number = text.length <= longestNumber && numberPattern.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(number) && (Number.isSafeInteger(number) || !Number.isInteger(number))) return number;
  }
  throw new Unfit('it cannot be made a number');
}

function toInteger(value: Json): number {
  const number = toNumber(value);
  if (Number.isSafeInteger(number)) return number;
  throw new Unfit('it cannot be made a whole number that is exact');
}

function toBoolean(value: Json): boolean {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === 'true' || word === '1' || word === 1) return true;
  if (word === 'false' || word === '0' || word === 0) return false;
  throw new Unfit('it cannot be made true or false');
}

function toTimestamp(value: Json): string {
  const moment = typeof value === 'string' ? parseTimestamp(datePattern.test(value) ? `${value}T00:00:00Z` : value) : undefined;
  if (moment !== undefined) return formatTimestamp(moment);
  throw new Unfit('it is no timestamp as in RFC 3339');
}

function toDate(value: Json): string {
  return toTimestamp(value).slice(0, 10);
}
