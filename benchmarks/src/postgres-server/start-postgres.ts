import { createPostgresServer } from '@patchbay/postgres-server';
import pg from 'pg';
import { postgresSettings } from './postgres-settings.ts';
import { processTreeSeconds } from './process-tree-seconds.ts';

/** A server of a benchmark's own, in a folder that goes when it stops. */
export interface PostgresServer {
  /** As the server says it: `18.4`. */
  readonly version: string;
  /** Address of a database that nobody else uses, behind a checkpoint: a copy of the one at `template`, to which nobody is connected, else empty. */
  readonly newDatabase: (template?: string) => Promise<string>;
  /** Runs one statement on a connection of its own. */
  readonly query: (url: string, text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Drops a database that `newDatabase` has made. Whoever is still connected to it is cut off. */
  readonly dropDatabase: (url: string) => Promise<void>;
  /** Processor time of the server with all its sessions since it started, in seconds; null where the platform does not tell. */
  readonly processorSeconds: () => number | null;
  readonly stop: () => Promise<void>;
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

async function query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Starts PostgreSQL 18, the newest that the tests run on, in a folder of the machine's temporary one: `TMPDIR` says on which disk. The
 * settings are those of `postgresSettings`, with what is given on top. It ends with this process, however that ends.
 */
export async function startPostgres(extraSettings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const server = await createPostgresServer({ major: 18, settings: { ...postgresSettings, ...extraSettings } });
  await server.start();
  const urlOf = (database: string): string => new URL(database, server.url).href;
  const administrate = (text: string) => query(urlOf('postgres'), text);
  const [row] = await administrate('show server_version');
  let databases = 0;
  return {
    version: String(row?.['server_version']),
    async newDatabase(template) {
      databases += 1;
      const name = `sample_${databases}`;
      const source = template === undefined ? 'template0' : nameOf(template);
      await administrate(`create database ${name} template ${source} strategy file_copy`);
      await administrate('checkpoint');
      return urlOf(name);
    },
    query,
    dropDatabase: async (url) => {
      await administrate(`drop database if exists ${nameOf(url)} with (force)`);
    },
    processorSeconds: () => processTreeSeconds(server.processId()),
    stop: server.remove,
  };
}
