import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { effectDelays } from './effect-delays.ts';
import { sampleLatency } from './sample-latency.ts';
import { latencyContestants } from './trigger-latency.ts';

describe('effectDelays', () => {
  const triggers = [
    { number: 0, asked: 10, committed: 14 },
    { number: 1, asked: 20, committed: 23 },
  ];
  const starts = [
    { number: 1, at: 22 },
    { number: 0, at: 15 },
  ];

  it('counts from the commit, and from before it was asked for where the effect was earlier', () => {
    expect(effectDelays(triggers, starts)).toEqual([
      { delay: 1, whole: 5, isEarly: false },
      { delay: 2, whole: 2, isEarly: true },
    ]);
  });

  it.each([
    ['an effect that is missing', starts.slice(1), 'trigger 1 is missing'],
    ['an effect that came twice', [...starts, { number: 0, at: 30 }], 'trigger 0 started 2 times'],
    ['an effect that nothing triggered', [...starts, { number: 2, at: 30 }], '3 effects started for 2 triggers'],
  ])('refuses %s', (_, found, message) => {
    expect(() => effectDelays(triggers, found)).toThrow(message);
  });
});

// Several processes start for each; on a busy machine that takes a while.
describe('trigger-latency', { timeout: 60_000 }, () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);

  afterAll(() => server.stop());

  const arrangements = Object.values(latencyContestants).flatMap((contestant) => [
    { ...contestant, isApart: false, where: 'one process' },
    { ...contestant, isApart: true, where: 'two processes' },
  ]);

  it.each(arrangements)('sees one effect for each of a few triggers of $name in $where', async ({ name, module, isApart }) => {
    const sample = await sampleLatency({ server, name, module, isApart, load: { warmUp: 2, timed: 10, perSecond: 50 } });
    expect(sample.value).toBeGreaterThan(0);
    expect(sample.notes['p50 ms']).toBeLessThanOrEqual(sample.value);
  });
});
