import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptRecord } from '@patchbay/core/adapter';
import { createPostgresServer, type PostgresServer } from '@patchbay/postgres-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkAccount } from './support/check-account.ts';
import { type Experiment, postgresExperiment } from './support/experiment.ts';
import { readAccount } from './support/read-account.ts';
import { reportFigure } from './support/report-figure.ts';
import { chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';

const figures = { concurrency: 8, leaseMs: 6_000, pollMs: 200 };

let server: PostgresServer;
let experiment: Experiment;
beforeEach(async () => {
  server = await createPostgresServer({ major: 18, settings: {} });
  await server.start();
  experiment = await postgresExperiment({ url: server.url, figures });
}, 60_000);
afterEach(async () => {
  await experiment?.close();
  await server?.remove();
}, 60_000);

it('a server that is stopped at once every 5 to 10 seconds loses nothing and has nothing recorded twice', {
  timeout: patienceMs,
}, async () => {
  const { deliveries, stops } = sizes.serverStops;
  const random = chanceOf('server-stops');
  const { crew, provider, database } = experiment;
  await experiment.hire(2);
  const sender = experiment.sender(random.pick);
  // Spread over the stops, so that each meets work.
  const sending = sender.deliverAll({ count: deliveries, atOnce: 16, paceMs: (stops * 7_500) / deliveries });
  for (let stop = 0; stop < stops; stop += 1) {
    await pause(random.between(5_000, 10_000));
    await server.stopAtOnce();
    await pause(random.between(0, 500));
    await server.start();
  }
  await sending;
  const since = performance.now();
  await experiment.ended();
  reportFigure('after the last start of the server everything had ended in', `${Math.round(performance.now() - since)} ms`);

  const account = await readAccount(database.storage.history);
  // A server that is away records no attempt; one whose worker could not reach it in time is recorded as unknown or as a crash.
  const isExcused = ({ outcome }: AttemptRecord): boolean => outcome === 'unknown';
  expect(checkAccount({ account, provider, acknowledged: sender.acknowledged, isExcused }), random.again).toEqual([]);
  expect([sender.acknowledged.size, crew.deaths()]).toEqual([deliveries, []]);
});
