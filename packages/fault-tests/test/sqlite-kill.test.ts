import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttemptRecord } from '@patchbay/core/adapter';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkAccount } from './support/check-account.ts';
import { type Crew, createCrew } from './support/crew.ts';
import { createSender, type Sender } from './support/deliveries.ts';
import { type EffectsProvider, startProvider } from './support/effects-provider.ts';
import { tenant } from './support/hub-settings.ts';
import { furnishHub, type HubStage } from './support/hub-stage.ts';
import { killAtRandom } from './support/kill-at-random.ts';
import { readAccount } from './support/read-account.ts';
import { chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { waitUntil } from './support/wait-until.ts';

const figures = { concurrency: 4, leaseMs: 4_000, pollMs: 200 };

let folder: string;
let storage: ReturnType<typeof sqliteStorage>;
let provider: EffectsProvider;
let stage: HubStage;
let crew: Crew;
let sender: Sender | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-kills-'));
  const file = join(folder, 'patchbay.db');
  storage = sqliteStorage({ file });
  provider = await startProvider();
  stage = await furnishHub({ ...storage, ingest: (items) => storage.ingest(items) });
  const store = { kind: 'sqlite', file } as const;
  crew = createCrew({ store, provider: provider.origin, connectors: ['effects'], figures, maximumCrashes: 1_000, clockOffMs: 0 });
}, 60_000);
afterEach(async () => {
  sender?.stop();
  await crew?.close();
  await stage?.close();
  await storage?.close();
  await provider?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Whether anything has not ended. */
async function isOpen(): Promise<boolean> {
  const page = { cursor: null, limit: 1 };
  for (const status of ['pending', 'leased'] as const)
    if ((await storage.history.dispatches(tenant, { status }, page)).items.length > 0) return true;
  return (await storage.history.runs(tenant, { status: 'running' }, page)).items.length > 0;
}

it('workers on one SQLite file that are killed at random lose nothing, and repeat nothing but what they had in flight', {
  timeout: patienceMs,
}, async () => {
  const { deliveries, kills } = sizes.sqliteKills;
  const random = chanceOf('sqlite-kill');
  for (let count = 0; count < 2; count += 1) crew.hire();
  await crew.ready();
  const { mayStart } = killAtRandom({ crew, provider, kills, deliveries, random });
  const ports = (): readonly number[] => crew.serving().flatMap((worker) => worker.port() ?? []);
  sender = createSender({ path: stage.path, ports, pick: random.pick });
  await sender.deliverAll({ count: deliveries, atOnce: 4, mayStart });
  await waitUntil({ what: 'every run and dispatch has ended', withinMs: patienceMs / 2 }, async () => !(await isOpen()));

  const account = await readAccount(storage.history);
  const killed = new Set(crew.killings.map(({ worker }) => worker.holder()));
  const isExcused = ({ error, holder }: AttemptRecord): boolean => error?.code === 'crashed' && killed.has(holder);
  const holders = new Map(crew.all.map((worker) => [worker.name, worker.holder() ?? 'none']));
  expect(checkAccount({ account, provider, acknowledged: sender.acknowledged, isExcused, holders }), random.again).toEqual([]);
  expect([sender.acknowledged.size, crew.killings.length, crew.deaths()]).toEqual([deliveries, kills, []]);
});
