import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slack } from '@patchbay/connector-slack';
import { createHub, localKeys } from '@patchbay/core';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import { type FakeSlack, fakeSlack } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

let folder: string;
let standIn: FakeSlack;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-durable-'));
  standIn = await fakeSlack({ token: 'xoxb-1' });
});
afterEach(async () => {
  await standIn.close();
  rmSync(folder, { recursive: true });
});

const keys = localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(7, 16).toString('base64') } });

/** A host as one process has it, on the file that all have. */
function openHost(worker: { readonly pollMs?: number } = {}) {
  const storage = sqliteStorage({ file: join(folder, 'patchbay.db') });
  const hub = createHub({
    connectors: [slack({ origin: standIn.origin })],
    events: { 'order.placed': z.object({ id: z.string() }) },
    storage,
    keys,
    worker,
    publicUrl: 'https://app.example.com/hub',
    dangerouslyAllowPrivateNetworks: true,
  });
  const close = async (): Promise<void> => {
    await hub.stop();
    await storage.close();
  };
  return { hub, acme: hub.tenant('acme'), close };
}

async function configure({ acme }: ReturnType<typeof openHost>): Promise<void> {
  await acme.connections.put('team', { connector: 'slack', credential: { type: 'bearer', token: 'xoxb-1' } });
  await acme.automations.put('orders', {
    trigger: { event: 'order.placed' },
    steps: [
      { id: 'tell', action: 'slack.send_message', connection: 'team', input: { channel: '#ops', text: 'Order {{ event.data.id }}' } },
    ],
  });
}

describe('hosts on one SQLite file', () => {
  it('go on where the last one ended: configuration, sealed credentials and work', { timeout: 20_000 }, async () => {
    const first = openHost();
    await configure(first);
    await first.acme.events.publish('order.placed', { id: 'A-1' });
    await first.close();
    expect(standIn.messages()).toEqual([]);
    const second = openHost();
    await second.hub.work({ until: 'idle' });
    expect(standIn.messages().map(({ text }) => text)).toEqual(['Order A-1']);
    expect((await second.acme.runs.list()).items).toMatchObject([{ status: 'succeeded' }]);
    await second.close();
    const third = openHost();
    await third.hub.work({ until: 'idle' });
    expect(standIn.messages()).toHaveLength(1);
    await third.close();
  });

  it('keep to the order of an ordering key, whichever takes events in, routes and executes them', { timeout: 20_000 }, async () => {
    const first = openHost();
    await configure(first);
    const { definition } = await first.acme.automations.get('orders');
    await first.acme.automations.put('orders', first.acme.automations.parse({ ...definition, ordering: { key: 'all {{ event.type }}' } }));
    for (const id of ['A-1', 'A-2']) await first.acme.events.publish('order.placed', { id });
    await first.close();
    const [second, third] = [openHost(), openHost()];
    for (const id of ['A-3', 'A-4', 'A-5']) await third.acme.events.publish('order.placed', { id });
    await Promise.all([second.hub.work(), third.hub.work()]);
    await second.hub.work();
    expect(standIn.messages().map(({ text }) => text)).toEqual(['A-1', 'A-2', 'A-3', 'A-4', 'A-5'].map((id) => `Order ${id}`));
    await Promise.all([second.close(), third.close()]);
  });

  it('wake each other: a worker that would look again in a minute does at once what another takes in', { timeout: 20_000 }, async () => {
    const worker = openHost({ pollMs: 60_000 });
    const web = openHost();
    await configure(web);
    await worker.hub.start();
    const finished = new Promise<string>((resolve) => worker.hub.on('run.finished', ({ status }) => resolve(status)));
    await web.acme.events.publish('order.placed', { id: 'A-2' });
    expect(await finished).toBe('succeeded');
    expect(standIn.messages().map(({ text }) => text)).toEqual(['Order A-2']);
    await Promise.all([worker.close(), web.close()]);
  });
});
