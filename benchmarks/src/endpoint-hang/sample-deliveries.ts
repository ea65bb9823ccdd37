import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createHub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { migrate, postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import { z } from 'zod';
import type { Sample } from '../benchmark.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { percentile } from '../percentile.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';

/** How many want what. */
export interface DeliverySettings {
  /** `null`: the storage is memory. */
  readonly server: PostgresServer | null;
  readonly endpoints: number;
  /** Events a second of the endpoints that answer, together. */
  readonly perSecond: number;
  readonly seconds: number;
  /** Whether the endpoint beside them hangs; it answers at once otherwise. */
  readonly hangs: boolean;
}

const hangMs = 30_000;

const warmUpSeconds = 2;

/** Events a second of the endpoint that may hang. */
const hangingPerSecond = 20;

interface Arrivals {
  readonly server: Server;
  readonly url: string;
  /** When each event's first request came, by its id. */
  readonly at: ReadonlyMap<string, number>;
}

async function startReceiver(hangs: boolean): Promise<Arrivals> {
  const at = new Map<string, number>();
  const server = createServer((request, response) => {
    const id = String(request.headers['webhook-id']);
    if (!at.has(id)) at.set(id, performance.now());
    request.resume();
    const answer = (): void => void response.writeHead(200).end();
    if (hangs && request.url === '/0') setTimeout(answer, hangMs).unref();
    else request.on('end', answer);
  });
  return { server, at, url: `http://127.0.0.1:${await listenOnLoopback(server)}` };
}

function openHub(pool: pg.Pool | null, endpoints: number) {
  const types = Array.from({ length: endpoints }, (_, number): [string, z.ZodType] => [`ping.e${number}`, z.object({ number: z.int() })]);
  return createHub({
    connectors: [],
    events: Object.fromEntries(types),
    storage: pool ? postgresStorage({ pool }) : memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    publicUrl: 'http://127.0.0.1/hub',
    loopbackOnly: true,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    worker: { graceMs: 0 },
  });
}

/** Publishes both kinds evenly spread; answers when each event for an endpoint that answers was published, by its id, after two seconds of warming up. */
async function publishAll(
  hub: ReturnType<typeof openHub>,
  { endpoints, perSecond, seconds }: DeliverySettings,
): Promise<ReadonlyMap<string, number>> {
  const published = new Map<string, number>();
  const begun = performance.now();
  const writes: Promise<unknown>[] = [];
  const rate = perSecond + hangingPerSecond;
  for (let number = 0; number < rate * (warmUpSeconds + seconds); number += 1) {
    await pause(Math.max(0, begun + (number * 1_000) / rate - performance.now()));
    const isOther = number % rate >= hangingPerSecond;
    const target = isOther ? 1 + (number % (endpoints - 1)) : 0;
    const at = performance.now();
    const write = hub.tenant('acme').events.publish(`ping.e${target}`, { number });
    writes.push(write.then(({ eventId }) => (isOther && number >= rate * warmUpSeconds ? published.set(eventId, at) : published)));
  }
  await Promise.all(writes);
  return published;
}

/** Measures how long deliveries to endpoints that answer take to arrive. Throws where one did not arrive. */
export async function sampleDeliveries(settings: DeliverySettings): Promise<Sample> {
  const database = await settings.server?.newDatabase();
  const pool = database === undefined ? null : new pg.Pool({ connectionString: database, max: 8 });
  const receiver = await startReceiver(settings.hangs);
  const hub = openHub(pool, settings.endpoints);
  try {
    if (pool) await migrate({ pool });
    for (let number = 0; number < settings.endpoints; number += 1) {
      const events = [`ping.e${number}`];
      await hub.tenant('acme').endpoints.put(`e${number}`, { url: `${receiver.url}/${number}`, events, verification: 'dangerouslyWaived' });
    }
    await hub.start();
    const published = await publishAll(hub, settings);
    await pause(2_000);
    const delays = [...published].map(([id, at]) => {
      const arrived = receiver.at.get(id);
      if (arrived === undefined) throw new Error('A delivery to an endpoint that answers has not arrived.');
      return arrived - at;
    });
    const notes = { 'p50 ms': percentile(delays, 0.5), 'largest ms': Math.max(...delays), 'of the others': delays.length };
    return { value: percentile(delays, 0.99), cpuMicroseconds: null, notes };
  } finally {
    receiver.server.closeAllConnections();
    receiver.server.close();
    await hub.stop();
    await pool?.end();
    if (database !== undefined) await settings.server?.dropDatabase(database);
  }
}
