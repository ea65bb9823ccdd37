import type { z } from 'zod';
import type { Sample } from '../benchmark.ts';
import { openSampleDatabase } from '../postgres-server/open-sample-database.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';
import { startChild } from '../start-child.ts';
import { type requestSettings, requestsDone } from './messages.ts';

/** What one sample is of. */
export interface RequestLoad extends Omit<z.infer<typeof requestSettings>, 'database'> {
  readonly name: string;
  /** Where the hub's database is made; `null`: in memory. */
  readonly server: PostgresServer | null;
}

/** Starts a contestant and lets it ask for as long as it is told. */
export async function sampleRequests({ name, server, ...load }: RequestLoad): Promise<Sample> {
  const database = server === null ? null : await openSampleDatabase(server);
  const argument = { ...load, database: database?.url ?? null };
  const child = startChild({ name, module: new URL('request-subject.ts', import.meta.url), argument });
  try {
    const { requests, milliseconds, cpuMicroseconds, p50, p95, p99 } = await child.hear(requestsDone, load.milliseconds * 4 + 30_000);
    return { value: (requests / milliseconds) * 1_000, cpuMicroseconds, notes: { 'p50 ms': p50, 'p95 ms': p95, 'p99 ms': p99 } };
  } finally {
    await child.stop();
    await database?.close();
  }
}
