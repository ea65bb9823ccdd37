import { expect, test } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { snapshotIntrinsics } from './__fixtures__/intrinsics.ts';
import { randomProgram, seededRandom } from './__fixtures__/program-grammar.ts';
import { compileProgram } from './compile-program.ts';
import { Duration } from './duration.ts';
import { defaultLimits } from './expression-limits.ts';
import { Fault } from './fault.ts';
import { createFrame } from './frame.ts';
import { Timestamp } from './timestamp.ts';
import { toJson } from './to-json.ts';

const programs = process.env['PATCHBAY_NIGHTLY'] === '1' ? 1_000_000 : 100_000;

const scope = {
  event: {
    n: 3,
    text: 'abc',
    list: [1, 2.5, 'abc', null, { name: 'x' }],
    map: { a: 1, b: ['abc'], constructor: 'own' },
    none: null,
    ok: true,
    data: JSON.parse('{"__proto__": {"polluted": true}, "a": {"name": "y"}}'),
    time: '2026-01-31T08:00:00Z',
    host: () => 'reached',
    date: new Date(0),
  },
  steps: { a: { output: { name: 'z' } } },
};

/** What an evaluation may hold: plain data, and the language's own times and bytes. */
function isData(value: unknown, depth = 40): boolean {
  if (value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return true;
  if (depth === 0 || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((item) => isData(item, depth - 1));
  if (value instanceof Timestamp || value instanceof Duration || value instanceof Uint8Array) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

test(`${programs} programs answer data, or fail in a way that is ours, within their fuel, and touch nothing of the host`, () => {
  const before = snapshotIntrinsics();
  const data = JSON.stringify(scope);
  // The seed of one program is its number: what fails here is run again by its number alone.
  const counts = { invalid: 0, failed: 0, answered: 0 };
  for (let seed = 1; seed <= programs; seed += 1) {
    const source = randomProgram(seededRandom(seed));
    const told = `program ${seed}: ${source}`;
    let program: ReturnType<typeof compileProgram>;
    try {
      program = compileProgram(source, seed % 2 === 0 ? { roots: ['event', 'steps', 'now'] } : {});
    } catch (error) {
      if (!isPatchbayError(error) || error.code !== 'expression_invalid') throw new Error(told, { cause: error });
      counts.invalid += 1;
      continue;
    }
    const frame = createFrame(scope, defaultLimits);
    try {
      const value = program.run(frame);
      if (!isData(value)) throw new Error(`${told} reached something of the host.`);
      const text = JSON.stringify(toJson(frame, value));
      if (text.length * 2 > defaultLimits.bytes || text.includes('reached')) throw new Error(`${told} let out too much.`);
      counts.answered += 1;
    } catch (error) {
      if (!(error instanceof Fault)) throw new Error(told, { cause: error });
      counts.failed += 1;
    }
    if (frame.steps > defaultLimits.steps || frame.bytes > defaultLimits.bytes) throw new Error(`${told} gave itself fuel.`);
  }
  expect(snapshotIntrinsics()).toBe(before);
  expect(JSON.stringify(scope)).toBe(data);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  // Enough of each, or the grammar says nothing.
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(programs / 20);
});
