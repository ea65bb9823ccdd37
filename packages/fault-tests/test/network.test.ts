import type { AttemptRecord } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { checkAccount } from './support/check-account.ts';
import { type Experiment, postgresExperiment, stuckAfterMs } from './support/experiment.ts';
import { type FaultProxy, type NetworkFault, startFaultProxy } from './support/fault-proxy.ts';
import { readAccount } from './support/read-account.ts';
import { type Chance, chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { waitUntil } from './support/wait-until.ts';
import { watchOverdue } from './support/watch-overdue.ts';

const figures = { concurrency: 8, leaseMs: 9_000, pollMs: 200 };
const answerMs = 3_000;
const faults: readonly NetworkFault[] = [
  'commit unknown',
  'commit unknown',
  'never sent',
  'half open',
  'late',
  'byte by byte',
  'a byte a second',
];
/** Names of the statements of the hot path, as they are prepared. */
const statements = ['patchbay_ingest', 'patchbay_settle', 'patchbay_claim', 'patchbay_'];

let random: Chance;
let proxy: FaultProxy;
let experiment: Experiment;
beforeEach(async () => {
  random = chanceOf('network');
  proxy = await startFaultProxy(inject('databaseUrl'), random);
  experiment = await postgresExperiment({ url: inject('databaseUrl'), workersUrl: proxy.url, figures, answerMs });
}, 60_000);
afterEach(async () => {
  await experiment?.close();
  await proxy?.close();
}, 60_000);

it('a network that resets, swallows, delays and dribbles has nothing done twice and lets nothing hang', {
  timeout: patienceMs,
}, async () => {
  const { crew, provider, database } = experiment;
  await experiment.hire(2);
  const sender = experiment.sender(random.pick);
  const overdue = watchOverdue(database);
  let next = 0;
  let isOver = false;
  const sendOn = async (): Promise<void> => {
    while (!isOver) {
      next += 1;
      await sender.deliver(next);
    }
  };
  let isSent = false;
  void Promise.all(Array.from({ length: 4 }, sendOn)).then(() => {
    isSent = true;
  });
  const nothingHangs = (): boolean => {
    if (sender.unanswered() > 0) throw new Error(`A delivery got no answer at all. ${random.again}`);
    return true;
  };
  for (let count = 0; count < sizes.networkFaults.faults; count += 1) {
    let hasStruck = false;
    const fault = random.pick(faults);
    void proxy.strike(fault, random.pick(statements)).then(() => {
      hasStruck = true;
    });
    await waitUntil({ what: `the fault "${fault}" finds a statement`, withinMs: 30_000 }, () => nothingHangs() && hasStruck);
  }
  isOver = true;
  await waitUntil({ what: 'the last deliveries are acknowledged', withinMs: 60_000 }, () => nothingHangs() && isSent);
  await experiment.ended();

  const account = await readAccount(database.storage.history);
  const isExcused = ({ outcome }: AttemptRecord): boolean => outcome === 'unknown';
  expect(checkAccount({ account, provider, acknowledged: sender.acknowledged, isExcused }), random.again).toEqual([]);
  expect([sender.acknowledged.size, crew.deaths()]).toEqual([next, []]);
  expect(await overdue.end(), random.again).toBeLessThan(stuckAfterMs);
});
