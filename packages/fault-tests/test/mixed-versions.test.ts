import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { migrations } from '../../storage-postgres/src/schema/migrations.ts';
import { checkAccount } from './support/check-account.ts';
import { type Experiment, postgresExperiment } from './support/experiment.ts';
import { type KeptBuild, unpackKeptBuild } from './support/kept-build.ts';
import { readAccount } from './support/read-account.ts';
import { reportFigure } from './support/report-figure.ts';
import { chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';

const figures = { concurrency: 4, leaseMs: 10_000, pollMs: 200 };

let old: KeptBuild;
let experiment: Experiment;
beforeEach(async () => {
  old = unpackKeptBuild();
  experiment = await postgresExperiment({ url: inject('databaseUrl'), figures });
}, 60_000);
afterEach(async () => {
  await experiment?.close();
  old?.remove();
}, 60_000);

it('workers from before the newest migration and workers of today share the migrated tables without an error', {
  timeout: patienceMs,
}, async () => {
  const { deliveries } = sizes.mixedVersions;
  const random = chanceOf('mixed-versions');
  const { crew, provider, database } = experiment;
  for (let count = 0; count < 2; count += 1) {
    crew.hire();
    crew.hire({}, old.program);
  }
  await crew.ready();
  const sender = experiment.sender(random.pick);
  await sender.deliverAll({ count: deliveries, atOnce: 8 });
  await experiment.ended();

  const account = await readAccount(database.storage.history);
  expect(checkAccount({ account, provider, acknowledged: sender.acknowledged, isExcused: () => false }), random.again).toEqual([]);
  expect([sender.acknowledged.size, crew.deaths()]).toEqual([deliveries, []]);
  for (const worker of crew.all) {
    expect(worker.complaints()).toBe('');
    expect(provider.requests.filter((request) => request.worker === worker.name).length).toBeGreaterThan(0);
  }
  reportFigure('migrations that the old workers know', `${old.knows} of ${migrations.length}`);
});
