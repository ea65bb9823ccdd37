import { afterAll, describe, expect, test } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { type SpecTest, specTests } from './__fixtures__/cel-spec.ts';
import { differences, notClaimed } from './__fixtures__/cel-spec-classes.ts';
import { compileProgram } from './compile-program.ts';
import { Duration, parseDuration } from './duration.ts';
import { defaultLimits } from './expression-limits.ts';
import { Fault } from './fault.ts';
import { createFrame } from './frame.ts';
import { parseTimestamp, Timestamp } from './timestamp.ts';

const all = specTests();
const byClass = Map.groupBy(all, ([path, each]) => notClaimed(path, each) ?? '');
const claimed = byClass.get('') ?? [];

/** A value of the test data as the language holds it. */
function heldValue(value: Readonly<Record<string, unknown>>): unknown {
  const [[kind, content] = ['nullValue', null]] = Object.entries(value);
  switch (kind) {
    case 'int64Value':
      return BigInt(String(content));
    case 'doubleValue':
      return Number(content);
    case 'bytesValue':
      return new Uint8Array(Buffer.from(String(content), 'base64'));
    case 'listValue':
      return membersOf(content, 'values').map((item) => heldValue(item));
    case 'mapValue':
      return Object.fromEntries(
        membersOf(content, 'entries').map((entry) => [heldValue(record(entry['key'])), heldValue(record(entry['value']))]),
      );
    case 'objectValue':
      return timeOf(record(content));
    default:
      return kind === 'nullValue' ? null : content;
  }
}

function timeOf(content: Readonly<Record<string, unknown>>): unknown {
  const text = String(content['value']);
  return String(content['@type']).endsWith('Timestamp') ? parseTimestamp(text) : parseDuration(text);
}

function membersOf(content: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
  const members = record(content)[name];
  return Array.isArray(members) ? members.map(record) : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** What a case gives: a value that can be compared, or that it failed or was refused. */
function outcomeOf({ expr, bindings = {} }: SpecTest): unknown {
  const scope = Object.fromEntries(Object.entries(bindings).map(([name, binding]) => [name, heldValue(record(record(binding)['value']))]));
  try {
    return plain(compileProgram(expr).run(createFrame(scope, defaultLimits)));
  } catch (error) {
    if (error instanceof Fault || (isPatchbayError(error) && error.code === 'expression_invalid')) return 'an error';
    throw error;
  }
}

/** Kinds told apart, so that 1 is not 1.0 and a map is not a list. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number') return { double: Object.is(value, -0) ? '-0' : String(value) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Timestamp) return { timestamp: String(value.nanoseconds) };
  if (value instanceof Duration) return { duration: String(value.nanoseconds) };
  if (Array.isArray(value)) return { list: value.map(plain) };
  if (typeof value !== 'object' || value === null) return { value };
  return { map: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)])) };
}

function expectedOf({ value, typedResult, evalError }: SpecTest): unknown {
  return evalError === undefined ? plain(heldValue(value ?? typedResult?.result ?? { boolValue: true })) : 'an error';
}

describe('the public test data of CEL', () => {
  test.each(claimed.map(([path, each]) => ({ path, expr: each.expr, each })))('$path: $expr', ({ each }) => {
    expect(outcomeOf(each)).toEqual(expectedOf(each));
  });

  test('is claimed in its larger part of what plain JSON can hold', () => {
    expect(claimed.length).toBeGreaterThan(750);
  });

  test.each([...differences.keys()])('differs on purpose in %s', (path) => {
    const each = all.get(path);
    if (each === undefined) return expect.unreachable();
    expect(outcomeOf(each)).not.toEqual(expectedOf(each));
  });
});

afterAll(() => {
  const rows = [...byClass].filter(([reason]) => reason !== '').sort(([, left], [, right]) => right.length - left.length);
  const lines = rows.map(([reason, tests]) => `  ${String(tests.length).padStart(5)}  ${reason}`);
  process.stdout.write(`cel-spec v0.25.1: ${claimed.length} of ${all.size} cases are claimed. Not claimed:\n${lines.join('\n')}\n`);
});
