import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AuditEntry } from '@patchbay/core/adapter';
import type { Checkpoint } from '@patchbay/core/host';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { createFaultSchema, type FaultSchema } from './support/fault-schema.ts';
import { reportFigure } from './support/report-figure.ts';
import { sealingHub } from './support/sealing-hub.ts';
import { type Chance, chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import { startWorker, type WorkerProcess } from './support/start-worker.ts';
import { waitUntil } from './support/wait-until.ts';

const program = {
  file: fileURLToPath(new URL('program/sealer.ts', import.meta.url)),
  hooks: new URL('support/source-hooks.ts', import.meta.url).href,
};

let database: FaultSchema;
let crew: WorkerProcess[] = [];
beforeEach(async () => {
  database = await createFaultSchema(inject('databaseUrl'));
}, 60_000);
afterEach(async () => {
  await Promise.all(crew.map((each) => each.kill()));
  crew = [];
  await database.close();
}, 60_000);

function startSealer(name: string): WorkerProcess {
  const started = startWorker(
    {
      name,
      store: { kind: 'postgres', url: database.url, schema: database.schema, poolSize: 2 },
      provider: '',
      connectors: [],
      figures: { concurrency: 1, leaseMs: 2_000, pollMs: 100 },
      maximumCrashes: 3,
      clockOffMs: 0,
    },
    program,
  );
  crew.push(started);
  return started;
}

const ready = (sealer: WorkerProcess): Promise<void> =>
  waitUntil({ what: `${sealer.name} is ready`, withinMs: patienceMs / 4 }, () => {
    if (sealer.end() !== undefined && !sealer.isCondemned()) throw new Error(`A sealer ended by itself: ${sealer.complaints()}`);
    return sealer.port() !== undefined;
  });

const entryOf = (number: number): AuditEntry => ({
  id: `0198a000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
  actor: { kind: 'user', id: `user-${number % 7}` },
  action: 'thing.changed',
  object: { type: 'thing', id: String(number) },
  connection: null,
  outcome: 'succeeded',
  details: JSON.stringify({ number }),
  correlation: null,
});

/** Writers that go on until they are told to end. Answers what the store has acknowledged of each tenant. */
function startWriters({
  writers,
  tenants,
  random,
}: {
  readonly writers: number;
  readonly tenants: readonly string[];
  readonly random: Chance;
}) {
  const acknowledged = new Map<string, string[]>(tenants.map((tenant) => [tenant, []]));
  let isOver = false;
  let number = 0;
  const ended = Array.from({ length: writers }, async () => {
    while (!isOver) {
      const tenant = random.pick([...tenants]);
      const entries = Array.from({ length: random.between(1, 3) }, () => {
        number += 1;
        return entryOf(number);
      });
      await database.storage.audit.append(tenant, entries);
      acknowledged.get(tenant)?.push(...entries.map(({ id }) => id));
      await pause(random.between(10, 40));
    }
  });
  return {
    acknowledged,
    async end() {
      isOver = true;
      await Promise.all(ended);
    },
  };
}

/** The lease of a sealer that is gone would run out within nine seconds; nobody waits for that here. */
const dropLease = (): Promise<unknown> => database.pool.query(`delete from ${database.schema}.leases where name = 'audit-sealer'`);

const checkpointsIn = ({ lines }: WorkerProcess): readonly Checkpoint[] =>
  lines.flatMap((line) => (line.startsWith('checkpoint ') ? [JSON.parse(line.slice('checkpoint '.length)) as Checkpoint] : []));

async function sealedRecords(): Promise<number> {
  const { rows } = await database.pool.query<{ sum: string | null }>(`select sum(seq) as sum from ${database.schema}.audit_heads`);
  return Number(rows[0]?.sum ?? 0);
}

it('chains of many tenants are whole, although whoever seals them is killed at any moment while others write', {
  timeout: patienceMs,
}, async () => {
  const { tenants: count, kills, writers, sealers } = sizes.sealerKills;
  const random = chanceOf('sealer-kill');
  const tenants = Array.from({ length: count }, (_, index) => `tenant-${index}`);
  const running = startWriters({ writers, tenants, random });
  for (let index = 0; index < sealers; index += 1) startSealer(`sealer-${index}`);
  await Promise.all(crew.map(ready));
  let sealedUnderKills = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const before = await sealedRecords();
    const next = startSealer(`sealer-${sealers + kill}`);
    await ready(next);
    await waitUntil({ what: 'somebody seals', withinMs: patienceMs / 4 }, async () => (await sealedRecords()) > before);
    await pause(random.between(0, 60));
    // Whoever has the lease now, or had it a moment ago, is among them.
    const living = crew.filter((each) => !each.isCondemned() && each !== next);
    await Promise.all(living.slice(0, Math.max(1, living.length - sealers + 1)).map((each) => each.kill()));
    await dropLease();
    sealedUnderKills = await sealedRecords();
  }
  await running.end();
  await Promise.all(crew.map((each) => each.kill()));
  await dropLease();

  const hub = sealingHub({ ...database.storage, ingest: (items) => database.storage.ingest(items) }, async () => undefined);
  await hub.work();
  const handedOut = crew.flatMap(checkpointsIn);
  for (const [tenant, ids] of running.acknowledged) {
    const { audit } = hub.tenant(tenant);
    const report = await audit.verify({ checkpoints: handedOut.filter((one) => one.tenant === tenant) });
    expect(report, random.again).toMatchObject({ valid: true, break: null, unsealed: 0, records: ids.length, head: { seq: ids.length } });
    const sealed: { readonly id: string; readonly seq: number }[] = [];
    for await (const { id, seq } of audit.export()) sealed.push({ id, seq });
    expect(
      sealed.map(({ seq }) => seq),
      random.again,
    ).toEqual(ids.map((_, index) => index + 1));
    expect(sealed.map(({ id }) => id).toSorted(), random.again).toEqual(ids.toSorted());
  }
  await hub.stop();
  expect(sealedUnderKills).toBeGreaterThan(kills);
  expect(handedOut.length).toBeGreaterThan(0);
  const total = [...running.acknowledged.values()].reduce((sum, { length }) => sum + length, 0);
  reportFigure('sealers killed', `${kills}, over ${count} tenants with ${total} records, ${handedOut.length} checkpoints`);
});
