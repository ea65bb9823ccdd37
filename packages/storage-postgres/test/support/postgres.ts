import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { executable, type PostgresMajor, postgresBinaries, serverUser } from './postgres-binaries.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
    /** `null` where the server is one that TEST_DATABASE_URL names. */
    postgresMajor: number | null;
  }
}

const windows = process.platform === 'win32';

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('No free port.'))));
    });
  });

// The shell stops the server and removes its files when our end of its stdin closes: a killed test run leaves nothing behind.
const keeper = 'd=$1; shift; exec 3<&0 </dev/null; "$@" & p=$!; (cat <&3 >/dev/null; kill -INT $p) & exec 3<&-; wait $p; cd /; rm -rf "$d"';

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

/** Makes a database cluster in a folder of its own and starts it. Nothing in it survives the machine: the tests are fast, not durable. */
async function startPostgres(major: PostgresMajor): Promise<{ url: string; stop: () => Promise<void> }> {
  const binaries = postgresBinaries(major);
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-pgdata-'));
  const cluster = join(folder, 'cluster');
  mkdirSync(cluster);
  for (const path of [folder, cluster]) if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  const env = { PATH: process.env['PATH'], LANG: 'C', LC_ALL: 'C', HOME: folder, TZ: 'UTC' };
  const initialise = ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, `initdb${executable}`), initialise, { ...user, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_buffers=64MB', 'max_connections=200'];
  const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const flags = ['-D', cluster, '-p', String(port), ...[...settings, ...careless].flatMap((setting) => ['-c', setting])];
  const options = { ...user, env, cwd: folder, stdio: ['pipe' as const, 'ignore' as const, 'pipe' as const] };
  const server = join(binaries, `postgres${executable}`);
  const child = windows ? spawn(server, flags, options) : spawn('/bin/sh', ['-c', keeper, 'sh', folder, server, ...flags], options);
  await started(child);
  const stop = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (windows) child.kill();
    else child.stdin?.end();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
}

/**
 * One disposable server per project of a test run: TEST_DATABASE_URL where it is set, else one that is started here, of the major that the
 * project's name ends with, or of the newest.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    console.log(`${project.name} runs on the server that TEST_DATABASE_URL names, whatever its version is.`);
    project.provide('databaseUrl', given);
    project.provide('postgresMajor', null);
    return undefined;
  }
  const major = project.name.endsWith('-15') ? 15 : 18;
  const server = await startPostgres(major);
  project.provide('databaseUrl', server.url);
  project.provide('postgresMajor', major);
  return server.stop;
}
