import { expect, it } from 'vitest';
import { giveRunFinished } from './give-run-finished.ts';

it('tells that a run has ended and why, and nothing before it has', () => {
  const given: unknown[] = [];
  const observer = { notify: (name: string, notice: unknown) => given.push([name, notice]), clock: { now: () => 7 } };
  const key = { tenant: 'acme', root: '01890a5d-ac96-774b-bcce-b302099a8057', automation: 'a', replay: 0 };
  const error = { code: 'network', message: 'Lost.' };
  for (const run of [
    null,
    { key, status: 'running', error: null } as const,
    { key, status: 'cancelled' } as const,
    { key, status: 'failed', error } as const,
  ])
    giveRunFinished(observer, run);
  const common = { tenant: 'acme', runId: `${key.root}:0:a`, eventId: key.root, automation: 'a', at: 7 };
  expect(given).toEqual([
    ['run.finished', { ...common, status: 'cancelled', error: null }],
    ['run.finished', { ...common, status: 'failed', error }],
  ]);
});
