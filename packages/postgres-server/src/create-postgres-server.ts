import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable, type PostgresMajor, postgresBinaries, serverUser } from './postgres-binaries.ts';

/** Which server, and how it is set. */
export interface PostgresServerOptions {
  readonly major: PostgresMajor;
  /** Settings beside PostgreSQL's own defaults, by name. It always listens on 127.0.0.1 alone, at a port that was free. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A PostgreSQL server with a new cluster in a folder of its own. It ends with this process, however that ends, and its folder goes with it. */
export interface PostgresServer {
  readonly url: string;
  /** Resolves when it answers. Throws with its log where it does not start. */
  start(): Promise<void>;
  /** Ends it as `pg_ctl stop -m immediate` does: at once, without a word to its clients, to recover at its next start. */
  stopAtOnce(): Promise<void>;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
  /** Process that all others of the server come from. */
  processId(): number;
}

const windows = process.platform === 'win32';

/** Milliseconds that a server may take to answer; recovery after an immediate stop is part of it. */
const startingMs = 60_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('No port is free.');
  return address.port;
}

// A shell keeps the server. A line on its stdin ends it at once and leaves the files; where the stdin just closes, be it that we were
// killed, it ends the server and removes the files.
const keeper = `d=$1; shift; exec 3<&0 </dev/null; "$@" & p=$!
(if read -r word <&3; then kill -QUIT $p; else : >"$d/abandoned"; kill -INT $p; fi) & exec 3<&-
wait $p; if [ -e "$d/abandoned" ]; then cd /; rm -rf "$d"; fi`;

async function answering(child: ChildProcess): Promise<void> {
  let log = '';
  const failed = (what: string): Error => new Error(`PostgreSQL ${what}: ${log}`);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(failed('did not start in time')), startingMs);
    const ended = (code: number | null): void => {
      clearTimeout(timer);
      reject(failed(`ended with ${code}`));
    };
    child.stderr?.on('data', (chunk: Buffer) => {
      log = `${log}${chunk.toString()}`.slice(-10_000);
      if (!log.includes('ready to accept connections')) return;
      clearTimeout(timer);
      child.off('exit', ended);
      resolve();
    });
    child.once('exit', ended);
  });
}

/** Makes the cluster, and does not start it. What it has committed is on the disk, unless the settings say otherwise. */
export async function createPostgresServer({ major, settings }: PostgresServerOptions): Promise<PostgresServer> {
  const binaries = postgresBinaries(major);
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-postgres-data-'));
  const cluster = join(folder, 'cluster');
  mkdirSync(cluster);
  for (const path of [folder, cluster]) if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  const env = { PATH: process.env['PATH'], LANG: 'C', LC_ALL: 'C', HOME: folder, TZ: 'UTC' };
  const initialise = ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, `initdb${executable}`), initialise, { ...user, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await freePort();
  const all = { ...settings, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(binaries, `postgres${executable}`), '-D', cluster, '-p', String(port), ...flags];
  let child: ChildProcess | undefined;

  const launch = (): ChildProcess => {
    const options = { ...user, env, cwd: folder, stdio: ['pipe' as const, 'ignore' as const, 'pipe' as const] };
    // A group of its own: an interrupt at the keyboard is for us, and our end stops the server.
    if (!windows) return spawn('/bin/sh', ['-c', keeper, 'sh', folder, ...command], { ...options, detached: true });
    const [program = '', ...words] = command;
    return spawn(program, words, options);
  };
  const end = async (lastWord: string): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    if (windows) running.kill();
    else running.stdin?.end(lastWord);
    await gone;
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async start() {
      child = launch();
      await answering(child);
    },
    stopAtOnce: () => end('stop\n'),
    async remove() {
      await end('');
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
    processId: () => Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]),
  };
}
