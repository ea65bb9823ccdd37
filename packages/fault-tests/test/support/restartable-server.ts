import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable, postgresBinaries, serverUser } from '../../../storage-postgres/test/support/postgres-binaries.ts';

/** A PostgreSQL server of one experiment, with the settings that it ships with: what it has committed is on the disk. */
export interface RestartableServer {
  readonly url: string;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it as `pg_ctl stop -m immediate` does: at once, without a word to its clients, to recover at its next start. */
  stopAtOnce(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('No port is free.');
  return address.port;
}

// The shell ends the server when our end of its stdin closes: a killed test run leaves none behind.
const keeper = 'exec 3<&0 </dev/null; "$@" & p=$!; (cat <&3 >/dev/null; kill -QUIT $p) & exec 3<&-; wait $p';

async function listening(child: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      log = `${log}${chunk.toString()}`.slice(-10_000);
      if (log.includes('ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${log}`)));
  });
}

/** Makes a server of the newest major, not yet started. It takes no server of somebody else's: it is stopped again and again. */
export async function createRestartableServer(): Promise<RestartableServer> {
  const binaries = postgresBinaries(18);
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-pgfaults-'));
  const cluster = join(folder, 'cluster');
  mkdirSync(cluster);
  for (const path of [folder, cluster]) if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  const env = { PATH: process.env['PATH'], LANG: 'C', LC_ALL: 'C', HOME: folder, TZ: 'UTC' };
  const initialise = ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, `initdb${executable}`), initialise, { ...user, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await freePort();
  const flags = ['-D', cluster, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  let child: ChildProcess | undefined;
  const stopAtOnce = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.stdin?.end();
    await gone;
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async start() {
      const command = ['-c', keeper, 'sh', join(binaries, `postgres${executable}`), ...flags];
      child = spawn('/bin/sh', command, { ...user, env, cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] });
      await listening(child);
    },
    stopAtOnce,
    async remove() {
      await stopAtOnce();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
