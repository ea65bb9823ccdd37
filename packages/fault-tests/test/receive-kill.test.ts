import type { AttemptRecord } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { checkAccount } from './support/check-account.ts';
import { type Experiment, postgresExperiment } from './support/experiment.ts';
import { tenant } from './support/hub-settings.ts';
import { readAccount } from './support/read-account.ts';
import { reportFigure } from './support/report-figure.ts';
import { chanceOf } from './support/seed.ts';
import { createCopySender } from './support/send-copies.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { waitUntil } from './support/wait-until.ts';

const receivers = 3;
const eventsAtOnce = 4;

let experiment: Experiment;
beforeEach(async () => {
  experiment = await postgresExperiment({
    url: inject('databaseUrl'),
    figures: { concurrency: 4, leaseMs: 4_000, pollMs: 200 },
    writesLateMs: 5,
  });
}, 60_000);
afterEach(() => experiment?.close(), 60_000);

/** Whether the event of a delivery is committed, as another session of the database sees it now. */
async function isDurable(number: number): Promise<boolean> {
  const { pool, schema } = experiment.database;
  const { rows } = await pool.query(`select from ${schema}.events where tenant = $1 and delivery_id = $2`, [tenant, `delivery-${number}`]);
  return rows.length === 1;
}

it('each event makes one run, and none that was acknowledged is lost, where copies arrive together at receivers that are killed', {
  timeout: patienceMs,
}, async () => {
  const { events, copies, kills } = sizes.copies;
  const random = chanceOf('receive-kill');
  const { crew, stage, database } = experiment;
  await experiment.hire(receivers);

  // A kill falls on a random acknowledgement of a random event; no event of a kill begins before all receivers are there.
  const killAfter = new Map<number, number>();
  while (killAfter.size < kills) killAfter.set(random.between(0, events - 1), random.between(0, copies - 1));
  const acknowledgements = new Map<number, number>();
  const notDurable: number[] = [];
  const sender = createCopySender({
    path: stage.path,
    ports: () => crew.serving().flatMap((worker) => worker.port() ?? []),
    pick: random.pick,
    async onAcknowledged(number) {
      const before = acknowledgements.get(number) ?? 0;
      acknowledgements.set(number, before + 1);
      if (before === killAfter.get(number)) crew.replaceOne(random);
      if (before === 0 && !(await isDurable(number))) notDurable.push(number);
    },
  });

  const startedAt = performance.now();
  let next = 0;
  const sendOn = async (): Promise<void> => {
    while (next < events) {
      const number = next;
      next += 1;
      if (killAfter.has(number))
        await waitUntil({ what: 'all receivers are there', withinMs: 60_000 }, () => crew.serving().length >= receivers);
      await sender.send(number, copies);
    }
  };
  await Promise.all(Array.from({ length: eventsAtOnce }, sendOn));
  const seconds = (performance.now() - startedAt) / 1_000;
  await experiment.ended();

  const { counts } = sender;
  expect(notDurable, random.again).toEqual([]);
  expect([counts.acknowledged, crew.killings.length, crew.deaths()], random.again).toEqual([events * copies, kills, []]);
  const account = await readAccount(database.storage.history);
  const killed = new Set(crew.killings.map(({ worker }) => worker.holder()));
  // Fifty copies of each event at receivers that come and go can starve a worker past its lease; that is told as it is, and tried again.
  const isExcused = ({ error, holder }: AttemptRecord): boolean =>
    error?.code === 'lease_lost' || (error?.code === 'crashed' && killed.has(holder));
  const acknowledged = new Set(acknowledgements.keys());
  expect(checkAccount({ account, provider: experiment.provider, acknowledged, isExcused }), random.again).toEqual([]);
  expect([account.events.length, account.runs.length]).toEqual([events, events]);
  // The service sees the same account: every event that came in is one whose acknowledgement somebody has.
  expect([...acknowledged].toSorted((left, right) => left - right)).toEqual(Array.from({ length: events }, (_, number) => number));
  const refused = [...counts.refused].map(([status, count]) => `${count} of ${status}`).join(', ') || 'none';
  reportFigure('events, each in copies at once, and receivers killed', `${events}, ${copies}, ${kills}`);
  reportFigure('sent, cut off by a kill, refused', `${counts.sent}, ${counts.cutOff}, ${refused}`);
  reportFigure('acknowledged in', `${counts.acknowledged} in ${seconds.toFixed(1)} s`);
});
