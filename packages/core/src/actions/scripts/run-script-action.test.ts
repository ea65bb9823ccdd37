import { describe, expect, it } from 'vitest';
import type { ScriptResult, ScriptRun } from '../../contracts/script-runner.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { builtInCall } from '../__fixtures__/built-in-call.ts';
import { runScriptAction } from './run-script-action.ts';

function actionOf(result: ScriptResult) {
  const runs: ScriptRun[] = [];
  const scripts = {
    run: async (run: ScriptRun) => {
      runs.push(run);
      return result;
    },
    check: async ({ source }: { readonly source: string }) =>
      source === 'bad' ? { message: 'SyntaxError: no', at: { line: 2, column: 7 } } : null,
    close: async () => undefined,
  };
  return { runs, action: runScriptAction({ scripts, clock: createManualClock() }) };
}

describe('running a script', () => {
  it('hands it its input as text, the time of its dispatch and a seed of its key', async () => {
    const { action, runs } = actionOf({ ok: true, output: '{"a":1}' });
    expect(await action.run(builtInCall({ source: 'return 1', input: { a: [1] } }))).toEqual({ outcome: 'succeeded', output: '{"a":1}' });
    expect(runs).toMatchObject([{ source: 'return 1', input: '{"a":[1]}', time: Date.UTC(2026, 0, 1), seed: 'k'.repeat(32) }]);
    await action.run(builtInCall({ source: 'return 1' }));
    expect(runs[1]).toMatchObject({ input: 'null' });
  });

  it.each([
    ['no JSON at all', 'invalid_output'],
    ['{"a":', 'invalid_output'],
    ['{"__proto__":{"polluted":true}}', 'invalid_output'],
    ['[{"a":{"constructor":{"prototype":1}}}]', 'invalid_output'],
    [`${'['.repeat(120_000)}${']'.repeat(120_000)}`, 'invalid_output'],
    [JSON.stringify('é'.repeat(140_000)), 'invalid_output'],
  ])('does not believe a runner that answers %.40j', async (output, code) => {
    const outcome = await actionOf({ ok: true, output }).action.run(builtInCall({ source: 'x' }));
    expect(outcome).toMatchObject({ outcome: 'failed', retryable: false, error: { code } });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each([
    ['threw', 'script_failed', false],
    ['syntax', 'script_failed', false],
    ['fuel', 'fuel_exhausted', false],
    ['memory', 'fuel_exhausted', false],
    ['stack', 'fuel_exhausted', false],
    ['deadline', 'fuel_exhausted', false],
    ['output', 'invalid_output', false],
    ['crashed', 'internal', true],
  ] as const)('that ended by %s is %s; tried again: %s', async (fault, code, retryable) => {
    const { action } = actionOf({ ok: false, fault, message: 'It ended.', at: { line: 3, column: 4 } });
    expect(await action.run(builtInCall({ source: 'x' }))).toEqual({
      outcome: 'failed',
      retryable,
      error: { code, message: 'line 3, column 4: It ended.' },
    });
  });
});

describe('reading a script', () => {
  it.each([
    [{ source: 'good' }, []],
    [{ source: 'bad' }, ['source: line 2, column 7: SyntaxError: no']],
    [{ source: 'return "{{ event.data.x }}"' }, [expect.stringContaining('data is never code')]],
    // Its schema says what is wrong with these.
    [{ source: 7 }, []],
    [{}, []],
    ['{{ event.data }}', []],
  ])('of %j finds %j', async (input, faults) => {
    expect(await actionOf({ ok: true, output: '1' }).action.check?.(input)).toEqual(faults);
  });
});
