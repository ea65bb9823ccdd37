import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from './start-postgres.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(() => server.stop());

async function ask(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

it('runs a server whose commits are durable', async () => {
  const url = await server.newDatabase();
  const settings = `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')`;
  const found = Object.fromEntries((await ask(url, settings)).map((row) => [row['name'], row['setting']]));
  expect(found).toEqual({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' });
  expect(server.version).toMatch(/^18\./);
});

it('gives every sample an empty database and takes it back', async () => {
  const [first, second] = [await server.newDatabase(), await server.newDatabase()];
  await ask(first, 'create table public.left_over (id int)');
  expect(await ask(second, `select from pg_tables where schemaname = 'public'`)).toHaveLength(0);
  await server.dropDatabase(first);
  await expect(ask(first, 'select 1')).rejects.toThrow('does not exist');
});

it('counts the processor time of sessions that have ended', { timeout: 30_000 }, async ({ skip }) => {
  const before = server.processorSeconds();
  if (before === null) return skip('the platform has no /proc');
  const url = await server.newDatabase();
  await ask(url, 'select sum(g) from generate_series(1, 2000000) g');
  await expect.poll(() => server.processorSeconds(), { timeout: 5_000 }).toBeGreaterThan(before + 0.05);
});
