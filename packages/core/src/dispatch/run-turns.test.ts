import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../contracts/dispatch-records.ts';
import type { RunChange } from '../contracts/run-change.ts';
import { createRunTurns } from './run-turns.ts';

const key = { tenant: 'acme', root: 'r', automation: 'a', replay: 0 };
const run: RunRecord = {
  key,
  automationName: 'order',
  version: 1,
  status: 'running',
  state: 's0',
  error: null,
  revision: 4,
  startedAt: 0,
  finishedAt: null,
};
const change = (revision: number, state: string): RunChange => ({ key, revision, status: 'running', state, error: null, next: [] });

describe('the outcomes of one run in one process', () => {
  it('are written one after another, each upon what the one before has left', async () => {
    const turns = createRunTurns();
    const seen: string[] = [];
    const write = (name: string) => async (known: RunRecord) => {
      seen.push(`${name} upon ${known.revision} ${known.state}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(`${name} written`);
      return { run: change(known.revision, name) };
    };
    await Promise.all(['s1', 's2', 's3'].map((name) => turns.take(run, write(name))));
    expect(seen).toEqual(['s1 upon 4 s0', 's1 written', 's2 upon 5 s1', 's2 written', 's3 upon 6 s2', 's3 written']);
  });

  it('keep no other run waiting, and none after one that was not written', async () => {
    const turns = createRunTurns();
    const never = turns.take(run, () => new Promise<null>(() => undefined));
    void never;
    const other = { ...run, key: { ...key, root: 'other' } };
    expect(await turns.take(other, async (known) => ({ run: change(known.revision, 'x') }))).toMatchObject({ run: { revision: 4 } });
    await expect(turns.take(other, async () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await turns.take(other, async () => null)).toBeNull();
  });

  it('go on from a newer run where a claim has brought one', async () => {
    const turns = createRunTurns();
    const first = turns.take(run, async (known) => ({ run: change(known.revision, 's1') }));
    const second = turns.take({ ...run, revision: 9, state: 's9' }, async ({ revision, state }) => {
      expect([revision, state]).toEqual([9, 's9']);
      return null;
    });
    await Promise.all([first, second]);
  });
});
