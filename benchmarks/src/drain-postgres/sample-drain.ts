import type { z } from 'zod';
import type { Sample } from '../benchmark.ts';
import type { PostgresServer } from '../postgres-server/start-postgres.ts';
import { startChild } from '../start-child.ts';
import { type DrainSettings, drainDone, drainReady } from './messages.ts';

/** A contestant of the drain. */
export interface DrainContestant {
  readonly name: string;
  /** The module that the contestant's process runs. */
  readonly module: URL;
}

const fillMs = 300_000;
const drainMs = 300_000;

/** Throws unless every job had one effect and is recorded as done. */
export function assertDrained(name: string, jobs: number, done: Omit<z.infer<typeof drainDone>, 'type'>): void {
  if (done.effects !== jobs) throw new Error(`${name}: ${done.effects} effects, not ${jobs}.`);
  if (done.left !== 0) throw new Error(`${name} left ${done.left} jobs undone.`);
  if (done.kept !== null && done.kept !== jobs) throw new Error(`${name} keeps ${done.kept} jobs as done, not ${jobs}.`);
}

/** Makes a database with the jobs of a contestant in it, vacuumed and analysed, to be copied for each sample. Answers its address. */
export async function fillDatabase(server: PostgresServer, contestant: DrainContestant, jobs: number): Promise<string> {
  const databaseUrl = await server.newDatabase();
  const argument: DrainSettings = { databaseUrl, jobs, part: 'fill' };
  const child = startChild({ name: `${contestant.name} (fill)`, module: contestant.module, argument });
  try {
    await child.hear(drainReady, fillMs);
  } finally {
    await child.stop();
  }
  await server.query(databaseUrl, 'vacuum analyze');
  return databaseUrl;
}

/** Works the jobs of a filled database off once, in a copy of it. */
export async function sampleDrain(
  server: PostgresServer,
  contestant: DrainContestant,
  filled: { readonly url: string; readonly jobs: number },
): Promise<Sample> {
  const { jobs } = filled;
  const databaseUrl = await server.newDatabase(filled.url);
  const argument: DrainSettings = { databaseUrl, jobs, part: 'drain' };
  const child = startChild({ name: contestant.name, module: contestant.module, argument });
  try {
    await child.hear(drainReady, fillMs);
    const before = server.processorSeconds();
    child.tell({ type: 'go' });
    const done = await child.hear(drainDone, drainMs);
    const after = server.processorSeconds();
    assertDrained(contestant.name, jobs, done);
    return {
      value: jobs / done.seconds,
      cpuMicroseconds: done.cpuMicroseconds / jobs,
      notes: before === null || after === null ? {} : { 'server us/op': ((after - before) * 1_000_000) / jobs },
    };
  } finally {
    await child.stop();
    await server.dropDatabase(databaseUrl);
  }
}
