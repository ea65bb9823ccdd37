import { quickjsScripts } from '@patchbay/script-quickjs';
import { createTestHub } from '@patchbay/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const scripts = quickjsScripts({ workers: 1, deadlineMs: 20_000 });
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
afterAll(() => scripts.close());

function stage() {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const test = createTestHub({ connectors: [], logger, scripts });
  opened.push(test);
  return { ...test, acme: test.tenant('acme') };
}

/** Works until the call has ended: the clock stands still and the thread does not. */
async function ended(test: ReturnType<typeof stage>, source: string, input: unknown = null) {
  const call = await test.acme.actions.execute('script.run', { input: { source, input: input as never } });
  await test.settled();
  return call.outcome({ waitMs: 0 });
}

describe('a script', () => {
  it('works on what earlier steps gave, and later steps read its result', async () => {
    const { acme, settled } = stage();
    await acme.automations.put('sum', {
      trigger: { manual: true },
      steps: [
        {
          id: 'sum',
          action: 'script.run',
          input: { source: 'return input.lines.reduce((sum, line) => sum + line.price, 0)', input: '{{ event.data }}' },
        },
        { id: 'twice', action: 'script.run', input: { source: 'return { twice: input * 2 }', input: '{{ steps.sum.output }}' } },
      ],
    });
    const { runId } = await acme.automations.run('sum', { lines: [{ price: 2 }, { price: 40 }] });
    await settled();
    expect(await acme.runs.get(runId ?? '')).toMatchObject({ status: 'succeeded', outputs: { sum: 42, twice: { twice: 84 } } });
  });

  it('has a clock that stands at the beginning of its dispatch, and random numbers of its own', async () => {
    const test = stage();
    const source = 'for (let n = 0; n < 1e6; n += 1); return [Date.now(), Math.random()]';
    const [first, second] = [await ended(test, source), await ended(test, source)];
    expect(first).toMatchObject({ status: 'succeeded', output: [first.createdAt, expect.any(Number)] });
    expect(second.output).not.toEqual(first.output);
  });

  it.each([
    ['throw new Error("no price")', 'script_failed', /^line 1, column \d+: Error: no price$/],
    ['for (;;) {}', 'fuel_exhausted', /worked for longer/],
    ['return new ArrayBuffer(2 ** 30).byteLength', 'fuel_exhausted', /memory/],
    ['return 10n', 'invalid_output', /not JSON/],
    ['return JSON.parse(\'{"a":[{"__proto__":{"polluted":true}}]}\')', 'invalid_output', /__proto__/],
    ["return { constructor: 'x' }", 'invalid_output', /constructor/],
    ['let list = []; for (let n = 0; n < 500; n += 1) list = [list]; return list', 'invalid_output', /nested/],
    ["return 'x'.repeat(262143)", 'invalid_output', /larger than 262144 bytes|longer/],
  ])('%s has failed for good, and says why', async (source, code, message) => {
    const view = await ended(stage(), source);
    expect(view).toMatchObject({ status: 'dead', attemptCount: 1, error: { code, message: expect.stringMatching(message) } });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each([
    [{ source: 'return 1 +' }, /steps\.a\.input: source: line 1, column \d+: SyntaxError/],
    [{ source: 'const a = 1;\nreturn (a;' }, /steps\.a\.input: source: line 2, column \d+: SyntaxError/],
    [{ source: "return '{{ event.data.name }}'" }, /steps\.a\.input: source: it holds \{\{/],
    [{ source: 'x'.repeat(32_769) }, /steps\.a\.input: source/],
    [{ input: 1 }, /steps\.a\.input: source/],
  ])('is read when its automation is put: %.60j', async (input, message) => {
    const { acme } = stage();
    const definition = acme.automations.put('x', {
      trigger: { manual: true },
      steps: [{ id: 'a', action: 'script.run', input: input as never }],
    });
    await expect(definition).rejects.toMatchObject({ code: 'automation_invalid', message: expect.stringMatching(message) });
  });
});
