// A host's process whose calls need an access token. What it prints is read by the test that started it.
import { createInterface } from 'node:readline';
import { createHub, localKeys, path } from '@patchbay/core';
import { hubKeys, publicUrl, tenant } from '../support/hub-settings.ts';
import { papersApps, papersConnectors } from '../support/papers-connector.ts';
import type { WorkerSettings } from '../support/worker-settings.ts';
import { openStore } from './open-store.ts';
import { shiftedClock } from './shifted-clock.ts';

// The test that starts it made this text.
const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const clock = shiftedClock(settings.clockOffMs);
const { storage, pool } = openStore(settings.store);
const hub = createHub({
  connectors: papersConnectors(settings.provider),
  storage,
  keys: localKeys(hubKeys),
  publicUrl,
  loopbackOnly: true,
  clock,
  apps: papersApps,
});
const acme = hub.tenant(tenant);
let turn = 0;
let timeoutMs = 30_000;

async function obey(line: string): Promise<void> {
  const [word, figure = '', ...names] = line.split(' ');
  if (word === 'stop') {
    await hub.stop();
    await storage.close();
    await pool?.end();
    process.exit(0);
  }
  if (word === 'shift') clock.shift(Number(figure));
  if (word === 'within') timeoutMs = Number(figure);
  if (word === 'call') {
    turn += 1;
    const calls = Array.from({ length: Number(figure) }, () =>
      names.map((name) => acme.request(name, { method: 'GET', path: path`/papers`, timeoutMs })),
    );
    const results = await Promise.allSettled(calls.flat());
    const good = results.filter((result) => result.status === 'fulfilled' && result.value.status === 200);
    say(`turn-${turn} ${good.length}`);
  }
}

// A test that is gone needs no caller.
createInterface({ input: process.stdin })
  .on('line', (line) => void obey(line))
  .on('close', () => process.exit(3));
await hub.ready();
say('ready 0');
