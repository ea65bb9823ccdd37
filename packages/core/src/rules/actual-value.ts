import { isPlainObject } from '../expression/read-member.ts';
import type { ActualValue } from './condition-report.ts';

/** Longest text of a value in a report, in characters. */
const longestText = 200;

/** Tells what a field held without copying it: at most 200 characters, five items a list and two levels are written. */
export function actualValue(value: unknown): ActualValue {
  const kind = kindOfActual(value);
  const size = sizeOf(value);
  return { kind, text: shorten(write(value, 2), longestText), ...(size === undefined ? {} : { size }) };
}

function kindOfActual(value: unknown): ActualValue['kind'] {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (Array.isArray(value)) return 'list';
  return isPlainObject(value) ? 'object' : 'not JSON';
}

const kindWords: Readonly<Record<ActualValue['kind'], string>> = {
  absent: 'absent',
  null: 'null',
  boolean: 'a boolean',
  number: 'a number',
  string: 'a string',
  list: 'a list',
  object: 'an object',
  'not JSON': 'no JSON',
};

/** The kind of a value within a sentence: `a number`. */
export function describeKind(value: unknown): string {
  return kindWords[kindOfActual(value)];
}

/** A value of a condition as one line of JSON, cut to so many characters. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isPlainObject(value) ? Object.keys(value).length : undefined;
}

function write(value: unknown, levels: number): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'string') return JSON.stringify(shorten(value, longestText));
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return writeList(value, levels);
  return isPlainObject(value) ? writeObject(value, levels) : 'not JSON';
}

const shownItems = 5;

function writeList(list: readonly unknown[], levels: number): string {
  if (list.length === 0) return '[]';
  if (levels === 0) return `[${list.length} items]`;
  const more = list.length > shownItems ? [`${list.length - shownItems} more`] : [];
  return `[${[...list.slice(0, shownItems).map((item) => write(item, levels - 1)), ...more].join(', ')}]`;
}

function writeObject(object: Readonly<Record<string, unknown>>, levels: number): string {
  const names = Object.keys(object);
  if (names.length === 0) return '{}';
  if (levels === 0) return `{${names.length} members}`;
  const more = names.length > shownItems ? [`${names.length - shownItems} more`] : [];
  const shown = names.slice(0, shownItems).map((name) => `${JSON.stringify(shorten(name, 40))}: ${write(object[name], levels - 1)}`);
  return `{${[...shown, ...more].join(', ')}}`;
}
