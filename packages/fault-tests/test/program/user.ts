// A process that uses connections of many tenants again and again, until it is told to stop. What it prints is read by the test that started it.
import { createInterface } from 'node:readline';
import { createHub, localKeys, path } from '@patchbay/core';
import { connectionsOver, countingConnector } from '../support/counting-service.ts';
import { hubKeys, publicUrl } from '../support/hub-settings.ts';
import type { WorkerSettings } from '../support/worker-settings.ts';
import { openStore } from './open-store.ts';

// The test that starts it made this text.
const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
const [connections = 0, tenants = 1] = settings.connectors.map(Number);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { storage } = openStore(settings.store);
const hub = createHub({
  connectors: [countingConnector(settings.provider)],
  storage,
  keys: localKeys(hubKeys),
  publicUrl,
  loopbackOnly: true,
});
const all = connectionsOver(connections, tenants);
let isUsing = false;
let using: Promise<unknown> = Promise.resolve();

/** Codes by which calls were refused, and how many there were of each; `good` for those that were answered. */
async function useAll(isOver: () => boolean): Promise<Readonly<Record<string, number>>> {
  const ends: Record<string, number> = {};
  const rest = [...all];
  const one = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined && !isOver(); next = rest.pop()) {
      const end = await hub
        .tenant(next.tenant)
        .request(`counting/${next.name}`, { method: 'GET', path: path`/things` })
        .then(
          () => 'good',
          (error: { readonly code?: string }) => String(error.code),
        );
      ends[end] = (ends[end] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 4 }, one));
  return ends;
}

async function useOnAndOn(): Promise<void> {
  while (isUsing) await useAll(() => !isUsing);
}

async function obey(line: string): Promise<void> {
  if (line === 'once') say(`once ${JSON.stringify(await useAll(() => false))}`);
  if (line === 'begin') {
    isUsing = true;
    using = useOnAndOn();
  }
  if (line === 'end') {
    isUsing = false;
    await using;
    say('ended 0');
  }
}

// A test that is gone needs no user.
createInterface({ input: process.stdin })
  .on('line', (line) => void obey(line))
  .on('close', () => process.exit(3));
await hub.ready();
say('ready 0');
