import { randomFillSync } from 'node:crypto';
import { type Storage, systemClock, uuidGenerator } from '@patchbay/core/adapter';
import { postgresStorage } from '@patchbay/storage-postgres';
import pg from 'pg';
import type { Sample } from '../benchmark.ts';
import { percentile } from '../percentile.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';
import { batchSize, claimBatch, dispatchItem, succeeded } from './dispatch-records.ts';

/** What stands in the way of the claims of a case. */
export interface ClaimSettings {
  readonly server: PostgresServer;
  /** Dispatches that are due tomorrow. */
  readonly parked: number;
  /** Dispatches that come in, are claimed and settled. */
  readonly passing: number;
  /** Whether a transaction that has written is open all the while. */
  readonly openTransaction: boolean;
}

const tenants = 20;
const tomorrow = 24 * 60 * 60 * 1_000;
const newId = uuidGenerator(systemClock, (bytes) => randomFillSync(bytes));

async function store(storage: Storage<pg.ClientBase>, count: number, delayMs: number): Promise<void> {
  const items = Array.from({ length: count }, (_, number) => dispatchItem(newId(), `tenant-${number % tenants}`, delayMs));
  const verdicts = await storage.ingest(items);
  if (verdicts.some(({ status }) => status !== 'created')) throw new Error('A dispatch was not stored.');
}

/** Lets dispatches pass in batches, and answers how long each claim took, in milliseconds. Throws when one is lost on the way. */
async function passDispatches(storage: Storage<pg.ClientBase>, passing: number): Promise<readonly number[]> {
  const claims: number[] = [];
  for (let passed = 0; passed < passing; passed += batchSize) {
    await store(storage, batchSize, 0);
    const before = performance.now();
    const claimed = await storage.claim(claimBatch);
    claims.push(performance.now() - before);
    if (claimed.length !== batchSize) throw new Error(`A claim found ${claimed.length} of ${batchSize} dispatches.`);
    const verdicts = await storage.settle(claimed.map(succeeded));
    if (verdicts.some(({ status }) => status !== 'settled')) throw new Error('An outcome was refused.');
  }
  return claims;
}

/** Measures claims in a database of their own: those after four fifths of all dispatches have passed. */
export async function sampleClaims({ server, parked, passing, openTransaction }: ClaimSettings): Promise<Sample> {
  const url = await server.newDatabase();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const bystander = new pg.Client({ connectionString: url });
  const storage = postgresStorage({ pool, notify: false });
  try {
    await storage.ready({ migrate: true });
    for (let stored = 0; stored < parked; stored += 500) await store(storage, 500, tomorrow);
    await bystander.connect();
    // A transaction with a number of its own keeps every row version that ends after it began.
    if (openTransaction) await bystander.query('begin; select pg_catalog.pg_current_xact_id()');
    const claims = await passDispatches(storage, passing);
    const measured = claims.slice(Math.floor(claims.length * 0.8));
    const notes = { 'p95 ms': percentile(measured, 0.95), 'largest ms': Math.max(...measured) };
    return { value: percentile(measured, 0.5), cpuMicroseconds: null, notes };
  } finally {
    await bystander.end();
    await storage.close();
    await pool.end();
    await server.dropDatabase(url);
  }
}
