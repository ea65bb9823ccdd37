import type { AttemptRecord } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { checkAccount } from './support/check-account.ts';
import { type Experiment, postgresExperiment } from './support/experiment.ts';
import { readAccount } from './support/read-account.ts';
import { type Chance, chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import type { WorkerProcess } from './support/start-worker.ts';
import { waitUntil } from './support/wait-until.ts';

const figures = { concurrency: 8, leaseMs: 6_000, pollMs: 200 };
const poolSize = 5;

let experiment: Experiment;
beforeEach(async () => {
  experiment = await postgresExperiment({ url: inject('databaseUrl'), figures, poolSize });
}, 60_000);
afterEach(() => experiment?.close(), 60_000);

/** Ends one of the workers' sessions, whatever it is doing. Answers how many it has ended. */
async function terminateOne(random: Chance): Promise<number> {
  const { pool, schema } = experiment.database;
  const sessions = 'select pid from pg_stat_activity where application_name = $1 order by pid';
  const { rows } = await pool.query<{ pid: number }>(sessions, [schema]);
  if (rows.length === 0) return 0;
  const { rowCount } = await pool.query('select 1 where pg_terminate_backend($1)', [random.pick(rows).pid]);
  return rowCount ?? 0;
}

/** Takes every connection of the worker's pool, and gives them back at once: shows that each place is there. */
async function fillPool(worker: WorkerProcess): Promise<string | undefined> {
  const before = worker.lines.length;
  worker.tell('hoard 0');
  await waitUntil({ what: `${worker.name} gets its whole pool`, withinMs: 20_000 }, () => worker.lines.slice(before).includes('released'));
  worker.tell('pool');
  const said = (): string | undefined => worker.lines.slice(before).find((line) => line.startsWith('pool '));
  await waitUntil({ what: `${worker.name} tells of its pool`, withinMs: 20_000 }, () => said() !== undefined);
  return said();
}

it('sessions that are ended at random, and a pool that the host uses up, lose nothing and leave the pool whole', {
  timeout: patienceMs,
}, async () => {
  const { deliveries, terminations } = sizes.terminations;
  const random = chanceOf('lost-sessions');
  const { crew, provider, database } = experiment;
  await experiment.hire(2);
  const sender = experiment.sender(random.pick);
  const stride = (deliveries * 2) / terminations;
  const ending: Promise<unknown>[] = [];
  let asked = 0;
  let ended = 0;
  provider.applied = () => {
    if (asked >= terminations || provider.effects.size < asked * stride) return;
    asked += 1;
    if (asked % Math.ceil(terminations / 4) === 0) for (const worker of crew.serving()) worker.tell('hoard 1500');
    ending.push(terminateOne(random).then((count) => (ended += count)));
  };
  await sender.deliverAll({ count: deliveries, atOnce: 16 });
  await experiment.ended();
  await Promise.all(ending);
  while (ended < terminations) ended += await terminateOne(random);

  const account = await readAccount(database.storage.history);
  const isExcused = ({ outcome }: AttemptRecord): boolean => outcome === 'unknown';
  expect(checkAccount({ account, provider, acknowledged: sender.acknowledged, isExcused }), random.again).toEqual([]);
  for (const worker of crew.serving()) {
    const [, total, idle, waiting] = (await fillPool(worker))?.split(' ').map(Number) ?? [];
    expect([total, waiting]).toEqual([poolSize, 0]);
    expect(idle).toBeGreaterThan(0);
  }
  expect([sender.acknowledged.size, crew.serving().length, crew.deaths()]).toEqual([deliveries, 2, []]);
});
