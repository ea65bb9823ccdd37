import pg from 'pg';
import { inject } from 'vitest';

/** A database beside that of the test run. */
export interface OwnDatabase {
  readonly url: string;
  /** Drops it. */
  remove(): Promise<void>;
}

/**
 * Makes a database of a test's own. What was deleted in it can be cleared away whatever transactions are open in others, so that pages can
 * be counted.
 */
export async function createOwnDatabase(): Promise<OwnDatabase> {
  const name = `t_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const administrate = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: inject('databaseUrl') });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  await administrate(`create database ${name}`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => administrate(`drop database ${name} with (force)`) };
}
