import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createHub, localKeys } from '@patchbay/core';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import { z } from 'zod';
import type { Sample } from '../benchmark.ts';
import { percentile } from '../percentile.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';

/** How many want what. */
export interface StartSettings {
  readonly server: PostgresServer;
  /** Events that one tenant has published at once, before the others begin. */
  readonly backlog: number;
  /** Tenants that publish one event a second each. */
  readonly quietTenants: number;
  readonly seconds: number;
}

/** What a subscriber's call takes. With 32 at once, the worker makes 640 a second. */
const callMs = 50;

type Hub = ReturnType<typeof openHub>;

function openHub(pool: pg.Pool) {
  return createHub({
    connectors: [],
    events: { 'order.placed': z.object({ number: z.int() }) },
    storage: postgresStorage({ pool }),
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    publicUrl: 'http://127.0.0.1/hub',
  });
}

async function publishBacklog(hub: Hub, backlog: number): Promise<void> {
  const large = hub.tenant('large');
  for (let published = 0; published < backlog; published += 500) {
    const some = Array.from({ length: Math.min(500, backlog - published) }, (_, number) => published + number);
    await Promise.all(some.map((number) => large.events.publish('order.placed', { number })));
  }
}

/** One event a second of every quiet tenant, evenly spread; answers when each was published, by its id. */
async function publishQuietly(hub: Hub, { quietTenants, seconds }: StartSettings): Promise<ReadonlyMap<string, number>> {
  const published = new Map<string, number>();
  const begun = performance.now();
  const writes: Promise<void>[] = [];
  for (let number = 0; number < quietTenants * seconds; number += 1) {
    await pause(Math.max(0, begun + (number * 1_000) / quietTenants - performance.now()));
    const at = performance.now();
    const tenant = hub.tenant(`quiet-${number % quietTenants}`);
    writes.push(tenant.events.publish('order.placed', { number }).then(({ eventId }) => void published.set(eventId, at)));
  }
  await Promise.all(writes);
  return published;
}

/** Starts of the quiet tenants' calls after their publication, in milliseconds. Throws where a call is missing or was made twice. */
function delaysOf(published: ReadonlyMap<string, number>, started: ReadonlyMap<string, readonly number[]>): readonly number[] {
  return [...published].map(([id, at]) => {
    const [start, ...others] = started.get(id) ?? [];
    if (start === undefined || others.length > 0) throw new Error(`The call of an event was started ${others.length + 1} times or never.`);
    return start - at;
  });
}

/** Measures how long the calls of quiet tenants wait while one tenant has a backlog. Throws where the backlog is gone before they end. */
export async function sampleStarts(settings: StartSettings): Promise<Sample> {
  const url = await settings.server.newDatabase();
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  const hub = openHub(pool);
  const started = new Map<string, number[]>();
  let ofLarge = 0;
  hub.subscribe('order.*', { name: 'search-index' }, async ({ id, tenant }) => {
    if (tenant === 'large') ofLarge += 1;
    else started.set(id, [...(started.get(id) ?? []), performance.now()]);
    await pause(callMs);
  });
  try {
    await migrate({ pool });
    await hub.ready();
    await publishBacklog(hub, settings.backlog);
    await hub.start();
    const published = await publishQuietly(hub, settings);
    const left = settings.backlog - ofLarge;
    if (settings.backlog > 0 && left < 100) throw new Error('The backlog was worked off before the quiet tenants had ended.');
    await pause(2_000);
    const delays = delaysOf(published, started);
    const notes = { 'p50 ms': percentile(delays, 0.5), 'largest ms': Math.max(...delays), 'backlog left': left };
    return { value: percentile(delays, 0.99), cpuMicroseconds: null, notes };
  } finally {
    await hub.stop();
    await pool.end();
    await settings.server.dropDatabase(url);
  }
}
