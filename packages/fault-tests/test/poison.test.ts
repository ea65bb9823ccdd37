import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { type Experiment, postgresExperiment } from './support/experiment.ts';
import { readAccount, readLine } from './support/read-account.ts';
import { patienceMs } from './support/sizes.ts';
import { waitUntil } from './support/wait-until.ts';

const figures = { concurrency: 4, leaseMs: 2_000, pollMs: 100 };
const maximumCrashes = 3;
const neighbours = 60;

let experiment: Experiment;
beforeEach(async () => {
  experiment = await postgresExperiment({ url: inject('databaseUrl'), figures, maximumCrashes });
}, 60_000);
afterEach(() => experiment?.close(), 60_000);

it('a dispatch that kills its process each time ends in the dead-letter list after the cap, and takes no neighbour along', {
  timeout: patienceMs,
}, async () => {
  const { crew, stage, provider, database } = experiment;
  const apply = (subject: string) => stage.acme.actions.execute('effects.apply', { connection: 'main', input: { subject } });
  const before = await Promise.all(Array.from({ length: neighbours / 2 }, (_, index) => apply(`before-${index}`)));
  const poison = await stage.acme.actions.execute('effects.poison', { connection: 'main', input: { subject: 'poison' } });
  const after = await Promise.all(Array.from({ length: neighbours / 2 }, (_, index) => apply(`after-${index}`)));
  for (let count = 0; count < 2; count += 1) crew.hire();
  const killed = () => crew.all.filter((worker) => worker.end()?.signal === 'SIGKILL').length;
  await waitUntil({ what: 'the poison is in the dead-letter list and the rest has ended', withinMs: 120_000 }, async () => {
    // A supervisor starts another worker for each that dies.
    while (crew.all.length - killed() < 2) crew.hire();
    return (await database.open()) === 0;
  });
  const dead = await stage.acme.dispatches.list({ status: 'dead' });
  expect(dead.items.map(({ id }) => id)).toEqual([poison.dispatchId]);
  const line = await readLine(database.storage.history, poison.dispatchId);
  expect(line.dispatch.error?.code).toBe('crash_limit');
  expect(line.attempts.filter(({ error }) => error?.code === 'crashed')).toHaveLength(maximumCrashes);
  expect(killed()).toBe(maximumCrashes);
  const { lines } = await readAccount(database.storage.history);
  const others = lines.filter(({ dispatch }) => dispatch.operation === 'apply');
  expect(others.map(({ dispatch }) => dispatch.status)).toEqual(Array(neighbours).fill('succeeded'));
  // What stood beside the poison when it first struck has crashed with it; whoever has crashed is executed alone.
  expect(Math.max(...others.map(({ dispatch }) => dispatch.crashes))).toBeLessThanOrEqual(1);
  expect([provider.effects.size, [...before, ...after].length]).toEqual([neighbours, neighbours]);
  expect([...provider.effects.values()].every((count) => count === 1)).toBe(true);
});
