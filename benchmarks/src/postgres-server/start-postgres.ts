import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { executable, postgresBinaries, serverUser } from '../../../packages/storage-postgres/test/support/postgres-binaries.ts';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { postgresSettings } from './postgres-settings.ts';
import { processTreeSeconds } from './process-tree-seconds.ts';

/** A server of a benchmark's own, in a folder that goes when it stops. */
export interface PostgresServer {
  /** As the server says it: `18.4`. */
  readonly version: string;
  /** Address of an empty database that nobody else uses, behind a checkpoint. */
  readonly newDatabase: () => Promise<string>;
  /** Drops a database that `newDatabase` has made. Whoever is still connected to it is cut off. */
  readonly dropDatabase: (url: string) => Promise<void>;
  /** Processor time of the server with all its sessions since it started, in seconds; null where the platform does not tell. */
  readonly processorSeconds: () => number | null;
  readonly stop: () => Promise<void>;
}

const windows = process.platform === 'win32';

// The shell stops the server and removes its files when our end of its stdin closes: a killed benchmark leaves nothing behind.
const keeper = 'd=$1; shift; exec 3<&0 </dev/null; "$@" & p=$!; (cat <&3 >/dev/null; kill -INT $p) & exec 3<&-; wait $p; cd /; rm -rf "$d"';

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const started = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => reject(new Error(`PostgreSQL did not start: ${log}`)), 30_000);
    child.stderr?.on('data', (chunk: Buffer) => {
      log = `${log}${chunk.toString()}`.slice(-10_000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${log}`)));
  });

interface Cluster {
  readonly binaries: string;
  readonly folder: string;
  readonly data: string;
  readonly options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly uid?: number; readonly gid?: number };
}

function makeCluster(): Cluster {
  const binaries = postgresBinaries(18);
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const data = join(folder, 'cluster');
  mkdirSync(data);
  for (const path of [folder, data]) if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C', LC_ALL: 'C', HOME: folder, TZ: 'UTC' };
  const options = { ...user, env, cwd: folder };
  const initialise = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, `initdb${executable}`), initialise, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  return { binaries, folder, data, options };
}

function launch({ binaries, folder, data, options }: Cluster, port: number, settings: Readonly<Record<string, string>>): ChildProcess {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const words = ['-D', data, '-p', String(port), ...flags];
  const server = join(binaries, `postgres${executable}`);
  const stdio: ['pipe', 'ignore', 'pipe'] = ['pipe', 'ignore', 'pipe'];
  // A group of its own: Ctrl-C is for the benchmark, whose end then stops the server.
  return windows
    ? spawn(server, words, { ...options, stdio })
    : spawn('/bin/sh', ['-c', keeper, 'sh', folder, server, ...words], { ...options, stdio, detached: true });
}

async function query(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function stopServer(child: ChildProcess, folder: string): Promise<void> {
  const gone = child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve));
  if (windows) child.kill();
  else child.stdin?.end();
  await gone;
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Starts PostgreSQL 18, the newest that the tests run on, in a folder of the machine's temporary one: `TMPDIR` says on which disk. The
 * settings are those of `postgresSettings`, with what is given on top. It ends with this process, however that ends.
 */
export async function startPostgres(extraSettings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const cluster = makeCluster();
  const port = await freePort();
  const child = launch(cluster, port, { ...postgresSettings, ...extraSettings });
  await started(child);
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const administrate = (text: string) => query(urlOf('postgres'), text);
  const [row] = await administrate('show server_version');
  const processId = Number(readFileSync(join(cluster.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  let databases = 0;
  return {
    version: String(row?.['server_version']),
    async newDatabase() {
      databases += 1;
      const name = `sample_${databases}`;
      await administrate(`create database ${name} template template0`);
      await administrate('checkpoint');
      return urlOf(name);
    },
    dropDatabase: async (url) => {
      await administrate(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
    },
    processorSeconds: () => processTreeSeconds(processId),
    stop: () => stopServer(child, cluster.folder),
  };
}
