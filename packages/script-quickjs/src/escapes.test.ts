import type { ScriptRunner } from '@patchbay/core/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escapes, hostNames } from './__fixtures__/escapes.ts';
import { runOf } from './__fixtures__/script-stage.ts';
import { quickjsScripts } from './quickjs-scripts.ts';

let scripts: ScriptRunner;

beforeAll(() => {
  scripts = quickjsScripts({ deadlineMs: 20_000 });
});
afterAll(() => scripts.close());

describe('a script that tries to get out', () => {
  it('meets at least 52 known ways, each tried by itself', () => {
    expect(new Set(escapes.map(({ probe }) => probe)).size).toBe(escapes.length);
    expect(escapes.length).toBeGreaterThanOrEqual(52);
  });

  it.each(escapes)('by $probe sees nothing of the host', async ({ source }) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const answer = await runOf(scripts, source, { with: { a: 1 } });
    if (answer.ok) expect(answer.output).toBe('[]');
    else expect(['threw', 'syntax', 'memory', 'fuel', 'stack']).toContain(answer.fault);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  it('is run to its end for nearly all of them, so that what is seen is what there is', async () => {
    const answers = await Promise.all(escapes.map(({ source }) => runOf(scripts, source, { with: { a: 1 } })));
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(52);
  });

  it('would be seen by the probe, were there something to see', async () => {
    const [first] = escapes;
    const planted = `globalThis.process = { mainModule: {} }; ${first?.source}`;
    expect(await runOf(scripts, planted)).toMatchObject({ ok: true, output: expect.stringContaining('process') });
  });

  it('finds the globals of the language and no others', async () => {
    const answer = await runOf(scripts, 'return Object.getOwnPropertyNames(globalThis)');
    const names: readonly string[] = answer.ok ? JSON.parse(answer.output) : [];
    expect(names).toEqual(expect.arrayContaining(['Object', 'JSON', 'Math', 'Date', 'Promise']));
    const language = new Set(Object.getOwnPropertyNames(globalThis));
    expect(names.filter((name) => hostNames.includes(name))).toEqual([]);
    // What QuickJS has beside what Node calls the language: its own error.
    expect(
      names
        .filter((name) => !language.has(name))
        .filter((name) => !['InternalError', 'AsyncIterator', 'Iterator', 'DOMException'].includes(name)),
    ).toEqual([]);
  });

  it('leaves nothing behind for the script after it', async () => {
    const alone = quickjsScripts({ workers: 1 });
    try {
      await runOf(alone, "globalThis.left = 1; Object.prototype.left = 2; JSON.parse = () => 'mine'; Array.prototype.map = null; return 1");
      expect(await runOf(alone, 'return [typeof left, typeof ({}).left, [1].map((x) => x + 1), input]', { with: 'own' })).toEqual({
        ok: true,
        output: '["undefined","undefined",[2],"own"]',
      });
    } finally {
      await alone.close();
    }
  });
});
