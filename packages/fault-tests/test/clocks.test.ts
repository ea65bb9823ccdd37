import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptRecord } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { checkAccount } from './support/check-account.ts';
import type { EffectRequest, ProviderMood } from './support/effects-provider.ts';
import { type Experiment, postgresExperiment, stuckAfterMs } from './support/experiment.ts';
import { readAccount } from './support/read-account.ts';
import { chanceOf } from './support/seed.ts';
import { patienceMs } from './support/sizes.ts';
import { waitUntil } from './support/wait-until.ts';

const figures = { concurrency: 8, leaseMs: 3_000, pollMs: 100 };
const minute = 60_000;
/** One worker each: ten minutes ahead, ten minutes behind, and one that steps back an hour under way. */
const clocks = [10 * minute, -10 * minute, 0];
const connectors = ['effects', ...clocks.map((_, index) => `effects${index}`)];
const longMs = 2.5 * figures.leaseMs;
const retryMs = 2_000;
const deliveries = 100;

let experiment: Experiment;
beforeEach(async () => {
  experiment = await postgresExperiment({ url: inject('databaseUrl'), figures, connectors });
}, 60_000);
afterEach(() => experiment?.close(), 60_000);

const requestsFor = (subject: string): readonly EffectRequest[] =>
  experiment.provider.requests.filter((request) => request.subject === subject);

/** Some calls take longer than a lease, some are refused once, and some wait until their worker is dead. */
async function decide({ subject }: EffectRequest): Promise<ProviderMood> {
  const [kind] = subject.split('-');
  if (kind === 'long') await pause(longMs);
  if (kind === 'orphan' && requestsFor(subject).length === 1)
    await waitUntil({ what: 'the worker dies', withinMs: minute }, () => experiment.crew.killings.length > 0);
  return kind === 'refused' && requestsFor(subject).length === 1 ? { refuseForMs: retryMs } : 'serve';
}

it('clocks of workers that are off or step back change no lease and no due time', { timeout: patienceMs }, async () => {
  const random = chanceOf('clocks');
  const { crew, provider, stage, database } = experiment;
  provider.decide = decide;
  const workers = clocks.map((clockOffMs, index) => crew.hire({ clockOffMs, connectors: ['effects', `effects${index}`] }));
  await crew.ready();
  const begun = await database.storage.now();
  const execute = (connector: string, subject: string) =>
    stage.acme.actions.execute(`${connector}.apply`, { connection: 'main', input: { subject } });
  for (const index of clocks.keys()) for (const kind of ['long', 'refused']) await execute(`effects${index}`, `${kind}-${index}`);
  await waitUntil({ what: 'every worker has its long call', withinMs: minute }, () =>
    clocks.every((_, index) => requestsFor(`long-${index}`).length > 0),
  );
  workers[2]?.tell(`shift ${-60 * minute}`);
  const sender = experiment.sender(random.pick);
  await sender.deliverAll({ count: deliveries, atOnce: 8 });
  await experiment.ended();
  await execute('effects', 'orphan');
  await waitUntil({ what: 'the last call is under way', withinMs: minute }, () => requestsFor('orphan').length > 0);
  for (const worker of crew.all) if (worker.name === requestsFor('orphan')[0]?.worker) crew.kill(worker);
  await waitUntil(
    { what: 'the last call is taken over', withinMs: figures.leaseMs + stuckAfterMs },
    () => requestsFor('orphan').length > 1,
  );
  await experiment.ended();
  const over = await database.storage.now();

  const account = await readAccount(database.storage.history);
  const killed = new Set(crew.killings.map(({ worker }) => worker.holder()));
  const isExcused = ({ error, holder, key }: AttemptRecord): boolean => {
    const line = account.lines.find(({ dispatch }) => dispatch.key.root === key.root && dispatch.key.path === key.path);
    return error?.code === 'crashed' ? killed.has(holder) : (line?.dispatch.input?.includes('refused') ?? false);
  };
  expect(checkAccount({ account, provider, acknowledged: sender.acknowledged, besides: 7, isExcused }), random.again).toEqual([]);
  for (const index of clocks.keys()) {
    expect(requestsFor(`long-${index}`)).toHaveLength(1);
    const [first, second, ...more] = requestsFor(`refused-${index}`);
    const waitedMs = (second?.at ?? 0) - (first?.at ?? 0);
    // The provider's clock and the database's are two; they differ by less than this in two seconds.
    expect(waitedMs).toBeGreaterThan(retryMs - 50);
    expect(waitedMs).toBeLessThan(retryMs + stuckAfterMs);
    expect(more).toEqual([]);
  }
  const times = account.lines.flatMap(({ dispatch, attempts }) => [dispatch.createdAt, ...attempts.map(({ startedAt }) => startedAt)]);
  expect(times.filter((time) => time < begun || time > over)).toEqual([]);
  expect(crew.deaths()).toEqual([]);
});
