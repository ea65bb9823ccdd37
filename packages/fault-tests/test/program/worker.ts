// A host's process: a worker that also takes webhooks in. What it prints is read by the test that started it.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createHub, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import type pg from 'pg';
import { effectsConnector } from '../support/effects-connector.ts';
import { hubKeys, publicUrl } from '../support/hub-settings.ts';
import type { WorkerSettings } from '../support/worker-settings.ts';
import { openStore } from './open-store.ts';
import { shiftedClock } from './shifted-clock.ts';

// The test that starts it made this text.
const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const clock = shiftedClock(settings.clockOffMs);
const { storage, pool } = openStore(settings.store);

let holder: string | undefined;
/** The storage, telling under which name this process holds its leases. */
const watched: Storage<unknown> = {
  ...storage,
  claim(request) {
    if (holder === undefined) {
      holder = request.holder;
      say(`holder ${holder}`);
    }
    return storage.claim(request);
  },
  async ingest(items) {
    if (settings.writesLateMs !== undefined) await pause(settings.writesLateMs);
    return await storage.ingest(items);
  },
};

const hub = createHub({
  connectors: settings.connectors.map((id) =>
    effectsConnector({ id, origin: settings.provider, worker: settings.name, die: () => process.kill(process.pid, 'SIGKILL') }),
  ),
  storage: watched,
  keys: localKeys(hubKeys),
  publicUrl,
  loopbackOnly: true,
  clock,
  worker: { ...settings.figures, graceMs: 5_000 },
  retry: { maximumAttempts: 1_000, maximumCrashes: settings.maximumCrashes, baseMs: 50, maximumMs: 500 },
});
hub.on('dispatch.fenced', ({ dispatchId }) => say(`fenced ${dispatchId}`));

const server = createServer(hub.nodeHandler);

const ignore = (): void => undefined;

/** Takes every connection of the pool away for a while, as a host's own work may. */
async function hoard(forMs: number): Promise<void> {
  // A host that holds a client hears of its end from the very start, and tells the pool when it gives it back.
  const take = (): Promise<pg.PoolClient | undefined> =>
    new Promise((resolve) => {
      pool?.connect((_, client) => {
        client?.on('error', ignore);
        resolve(client);
      });
    });
  const clients = await Promise.all(Array.from({ length: pool?.options.max ?? 0 }, take));
  say(`hoards ${clients.length}`);
  setTimeout(() => {
    for (const client of clients) {
      client?.off('error', ignore);
      client?.release();
    }
    say('released');
  }, forMs);
}

async function obey(line: string): Promise<void> {
  const [word, figure] = line.split(' ');
  if (word === 'stop') {
    await hub.stop();
    await storage.close();
    await pool?.end();
    server.close();
    say('stopped');
    process.exit(0);
  }
  if (word === 'hoard') await hoard(Number(figure));
  if (word === 'shift') clock.shift(Number(figure));
  if (word === 'pool') say(`pool ${pool?.totalCount} ${pool?.idleCount} ${pool?.waitingCount}`);
}

// A test that is gone needs no worker.
createInterface({ input: process.stdin })
  .on('line', (line) => void obey(line))
  .on('close', () => process.exit(3));

for (;;) {
  try {
    await hub.start();
    break;
  } catch (error) {
    // A worker that starts while the database is away tries again, as a supervisor would have it do.
    console.error(String(error));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
say(`ready ${typeof address === 'object' ? address?.port : 0}`);
