import type { ScriptRunner } from '@patchbay/core/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOf } from './__fixtures__/script-stage.ts';
import { quickjsScripts } from './quickjs-scripts.ts';

let scripts: ScriptRunner;

beforeAll(() => {
  scripts = quickjsScripts({ deadlineMs: 30_000 });
});
afterAll(() => scripts.close());

describe('a script that takes more than it may', () => {
  it.each([
    ['loops for ever', 'while (true) {}', 'fuel'],
    ['loops and catches what stops it', 'for (;;) { try { for (;;) {} } catch {} }', 'fuel'],
    ['loops in a finally', 'try { for (;;) {} } finally { for (;;) {} }', 'fuel'],
    ['calls itself from promises for ever', 'const again = () => Promise.resolve().then(again); await again();', 'fuel'],
    ['floods with promises', 'for (;;) Promise.resolve().then(() => {});', /fuel|memory/],
    [
      'floods with asynchronous functions',
      'const f = async () => { await null; f(); f(); }; await f(); await new Promise(() => {});',
      /fuel|memory/,
    ],
    ['matches a pattern that goes back and forth', "return /^(a+)+$/.test('a'.repeat(40) + '!')", /fuel|stack|memory/],
    ['sorts by a comparison that never ends', 'return [3, 2, 1].sort(() => { for (;;) {} })', 'fuel'],
    ['loops in a getter of its result', 'return { get a() { for (;;) {} } }', 'fuel'],
    ['loops in a toJSON of its result', 'return { toJSON() { for (;;) {} } }', 'fuel'],
    [
      'loops while it tells what it threw',
      'const e = new Error("x"); Object.defineProperty(e, "message", { get() { for (;;) {} } }); throw e',
      'fuel',
    ],
    ['doubles a text', "let text = 'x'; for (;;) text += text;", 'memory'],
    ['fills a list', 'const list = []; for (;;) list.push({ a: list.length });', 'memory'],
    ['asks for a buffer of 1 GiB', 'return new ArrayBuffer(2 ** 30).byteLength', 'memory'],
    ['repeats a text to 1 GB', "return 'a'.repeat(1e9).length", /memory|threw/],
    ['calls itself without end', 'const f = (n) => f(n + 1) + 1; return f(0)', 'stack'],
    ['nests a list for its own writer', 'let list = []; for (let n = 0; n < 200000; n += 1) list = [list]; return list', /stack|memory/],
    ['returns too much', "return 'x'.repeat(300000)", 'output'],
    ['returns what is no JSON', 'return 10n', 'output'],
    ['returns a circle', 'const a = {}; a.a = a; return a', 'output'],
    ['waits for what never comes', 'await new Promise(() => {})', 'threw'],
  ] as const)('because it %s is ended, and says why', async (_, source, fault) => {
    const answer = await runOf(scripts, source);
    expect(answer).toMatchObject({
      ok: false,
      fault: typeof fault === 'string' ? fault : expect.stringMatching(fault),
      message: expect.any(String),
    });
    // The thread goes on, with a runtime of its own for whoever comes next.
    expect(await runOf(scripts, 'return input + 1', { with: 1 })).toEqual({ ok: true, output: '2' });
  });

  it('is ended at its deadline where nothing inside can be counted, while this process goes on', async () => {
    const hasty = quickjsScripts({ workers: 1, deadlineMs: 700 });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 10);
    try {
      // One multiplication after another of numbers of some hundred thousand digits: no turn of a loop, no call.
      const answer = await runOf(hasty, 'return String(7n ** 3000000n).length');
      // Where its memory is used up first, the engine throws.
      expect(answer).toMatchObject({ ok: false, fault: expect.stringMatching(/deadline|memory|fuel|threw/) });
      const busy = await runOf(hasty, 'for (;;) { 3n ** 90000n; }');
      expect(busy).toMatchObject({ ok: false, fault: expect.stringMatching(/deadline|fuel/) });
      expect(turns).toBeGreaterThan(10);
      expect(await runOf(hasty, 'return 1')).toEqual({ ok: true, output: '1' });
    } finally {
      clearInterval(timer);
      await hasty.close();
    }
  });
});

describe('the result of a script', () => {
  it.each([
    ['return input.a * 2', { a: 21 }, '42'],
    ['return { list: input.map((x) => x ** 2) }', [1, 2, 3], '{"list":[1,4,9]}'],
    ['return await Promise.all([1, Promise.resolve(2)])', null, '[1,2]'],
    ['', null, 'null'],
    ['return undefined', null, 'null'],
    ['return NaN', null, 'null'],
    ['return new Date(0)', null, '"1970-01-01T00:00:00.000Z"'],
    ["return '\\u0000\\ud800\\u2028😀'", null, '"\\u0000\\ud800\u2028😀"'],
    ['return JSON.parse(\'{"__proto__":{"polluted":true}}\')', null, '{"__proto__":{"polluted":true}}'],
    ['return Object.keys(input)', JSON.parse('{"__proto__":1,"constructor":2}'), '["__proto__","constructor"]'],
  ])('of %s is text, and nothing else', async (source, input, output) => {
    expect(await runOf(scripts, source, { with: input })).toEqual({ ok: true, output });
  });

  it('is the same for the same time and seed, wherever it runs', async () => {
    const source = `return [Date.now(), new Date().toISOString(), new Date().getHours(), new Date(2026, 0, 1).getTime(), new Date().getTimezoneOffset(),
      Date().length > 0, new Date() instanceof Date, new Date().constructor === Date, Math.random(), Math.random(), typeof performance]`;
    const first = await runOf(scripts, source);
    expect(first).toEqual(await runOf(scripts, source));
    const values: readonly unknown[] = first.ok ? JSON.parse(first.output) : [];
    expect(values.slice(0, 8)).toEqual([1_700_000_000_000, '2023-11-14T22:13:20.000Z', 22, 1_767_225_600_000, 0, true, true, true]);
    expect(values[8]).not.toBe(values[9]);
    expect(values[10]).toBe('undefined');
    const other = await runOf(scripts, source, { seed: 'another seed' });
    expect((other.ok ? JSON.parse(other.output) : [])[8]).not.toBe(values[8]);
    const later = await runOf(scripts, 'return new Date().getTime()', { time: 5 });
    expect(later).toEqual({ ok: true, output: '5' });
  });

  it.each([
    ['\nreturn nothing.at.all;', /ReferenceError.*nothing/, { line: 2, column: expect.any(Number) }],
    ["\n\nthrow new TypeError('no\\nway')", /^TypeError: no way$/, { line: 3, column: expect.any(Number) }],
    ["throw 'a text'", /^a text$/, undefined],
    ["await null;\nthrow new Error('later')", /^Error: later$/, { line: 2, column: expect.any(Number) }],
    ['throw { toString() { throw 1 } }', /cannot be described/, undefined],
  ])('of %j is a fault with its place', async (source, message, at) => {
    const answer = await runOf(scripts, source);
    expect(answer).toMatchObject({ ok: false, fault: 'threw', message: expect.stringMatching(message) });
    expect(answer.ok ? null : answer.at).toEqual(at);
  });
});
