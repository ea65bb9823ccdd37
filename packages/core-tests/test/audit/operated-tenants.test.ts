import { PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;

const options = { actor: 'grace', reason: 'ticket 12' };
const names = Array.from({ length: 20 }, (_, index) => `tenant-${String(index).padStart(2, '0')}`);

beforeEach(async () => {
  stage = deskStage();
  office = stage.process();
});
afterEach(() => stage.close());

/** Tenants with both connections; every fourth has only the one to the chat. */
async function furnish(): Promise<void> {
  for (const [index, name] of names.entries()) {
    const tenant = office.hub.tenant(name);
    await connect(tenant);
    if (index % 4 === 3) await tenant.connections.disconnect('main');
  }
}

/** A dead dispatch and a dead call of a subscriber for some tenants. */
async function die(tenants: readonly string[]): Promise<void> {
  for (const name of tenants) {
    await office.hub.tenant(name).automations.put('order', orderAutomation);
    stage.desk.next('file_ticket', () => {
      throw new PatchbayError({ code: 'provider_rejected', message: 'The service says: SECRET-ANSWER.', sent: 'no' });
    });
    await office.hub.tenant(name).events.publish('order.placed', { number: 'SECRET-PAYLOAD' });
    await office.settled();
  }
}

const operator = () => office.hub.operator(options);

const recordsOf = async (tenant: string): Promise<readonly string[]> =>
  (await office.hub.tenant(tenant).audit.list({ actor: { kind: 'operator', id: 'grace' }, limit: 500 })).items
    .map(({ action }) => action)
    .toReversed();

/** An office whose storage fails where the test says. */
function faulty(fail: (method: string, tenant: string) => Error | undefined): DeskProcess {
  const { storage } = stage;
  const check = (method: string, tenant: string): void => {
    const error = fail(method, tenant);
    if (error) throw error;
  };
  const wrapped: Storage<never> = {
    ...storage,
    audit: {
      ...storage.audit,
      append: async (tenant, entries) => {
        check('append', tenant);
        return storage.audit.append(tenant, entries);
      },
    },
    configuration: {
      ...storage.configuration,
      write: async (tenant, changes, more) => {
        check('write', tenant);
        return storage.configuration.write(tenant, changes, more);
      },
    },
  };
  return stage.process({ storage: wrapped });
}

const away = (): PatchbayError => new PatchbayError({ code: 'storage_unavailable', message: 'Away: NAME.', retryable: true });

describe('an operator over all tenants', () => {
  it('lists them in pages, all or those with a connector, and the hub keeps a record of that', async () => {
    await furnish();
    await office.hub.tenant('chatty').connections.put('team', { connector: 'chat', credential: { type: 'bearer', token: 'chat-token' } });
    const first = await operator().tenants.list({ limit: 15 });
    const second = await operator().tenants.list({ limit: 15, cursor: first.cursor });
    expect([...first.items, ...second.items].toSorted()).toEqual(['chatty', ...names]);
    expect(second.cursor).toBeNull();
    expect((await operator().tenants.list({ connector: 'desk' })).items.toSorted()).toEqual(names);
    const { items } = await stage.storage.audit.page('', { action: 'operator.list_tenants' }, { cursor: null, limit: 10 });
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ actor: { kind: 'operator', id: 'grace' }, details: '{"reason":"ticket 12"}' });
    await expect(operator().tenants.list({ limit: 0 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('looks at the health of each and counts over all, with a record in each chain', async () => {
    await furnish();
    const { items, cursor } = await operator().tenants.health({ limit: 3 });
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ tenant: names[0], connections: { active: 2 }, gates: [] });
    expect((await operator().tenants.health({ cursor, limit: 500 })).items).toHaveLength(17);
    const { counts, tenants, done, failed } = await operator().tenants.counts();
    expect({ counts, tenants, done, failed }).toEqual({
      counts: { connections: { active: 35, disconnected: 5 }, gates: { connection: 5 } },
      ...{ tenants: 20, done: true, failed: 0 },
    });
    const ofChat = await operator().tenants.counts({ connector: 'chat' });
    expect(ofChat.counts).toEqual({ connections: { active: 20 }, gates: {} });
    expect(await recordsOf('tenant-03')).toEqual(['operator.look_health', 'operator.look_health', 'operator.look_health']);
  });

  it('reads dead letters tenant after tenant without what is in them', async () => {
    await furnish();
    await die(['tenant-02', 'tenant-02', 'tenant-12']);
    const seen: { readonly tenant: string; readonly id: string }[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<ReturnType<typeof operator>['tenants']['deadLetters']>> = await operator().tenants.deadLetters({
        cursor,
        limit: 1,
      });
      expect(page.items.length).toBeLessThanOrEqual(1);
      seen.push(...page.items);
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== null && pages < 50);
    expect(seen.map(({ tenant }) => tenant)).toEqual(['tenant-02', 'tenant-02', 'tenant-12']);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(3);
    expect(JSON.stringify(seen)).not.toMatch(/SECRET/);
    expect((await operator().tenants.deadLetters({ connector: 'chat', limit: 500 })).items).toEqual([]);
    expect((await operator().tenants.deadLetters({ connector: 'desk', limit: 500 })).items).toHaveLength(3);
    for (const wrong of ['x', '[]', '["a"]', '[1,null]', '{}', '["",5]'])
      await expect(operator().tenants.deadLetters({ cursor: wrong })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('pauses and resumes a connector everywhere, and what waits uses no attempt', async () => {
    await furnish();
    const paused = await operator().tenants.pauseAll({ connector: 'desk' });
    expect(paused).toMatchObject({ tenants: 20, counts: { connections: 15 }, done: true });
    await office.hub.tenant('tenant-01').automations.put('order', orderAutomation);
    await office.hub.tenant('tenant-01').events.publish('order.placed', { number: 'A-1' });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(0);
    expect((await operator().tenants.counts({ connector: 'desk' })).counts.gates).toEqual({ paused: 15, connection: 5 });
    expect(await operator().tenants.resumeAll({ connector: 'desk' })).toMatchObject({ counts: { connections: 15 } });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(1);
    expect(await recordsOf('tenant-01')).toEqual(['operator.pause_all', 'operator.look_health', 'operator.resume_all']);
  });

  it('ends a connector everywhere, and no other', async () => {
    await furnish();
    const told: number[] = [];
    const result = await operator().tenants.disconnectAll({ connector: 'desk', onProgress: ({ tenants }) => told.push(tenants) });
    expect(result).toMatchObject({ tenants: 20, counts: { disconnected: 15 }, failed: 0, failures: [], done: true });
    expect(told).toEqual([8, 16, 20]);
    expect((await operator().tenants.counts()).counts.connections).toEqual({ active: 20, disconnected: 20 });
    expect(await recordsOf('tenant-00')).toEqual([
      ...['operator.disconnect_all', 'connection.disconnect', 'credential.delete'],
      'operator.look_health',
    ]);
    await office.hub.tenant('tenant-00').actions.execute('desk.file_ticket', { connection: 'main', input: { title: 'x' } });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(0);
    expect(await operator().tenants.disconnectAll({ connector: 'desk' })).toMatchObject({ counts: { disconnected: 0 } });
  });

  it('tries again what is dead of a connector, and replays events, each once for a key', async () => {
    await furnish();
    await die(['tenant-02', 'tenant-12']);
    expect(await operator().tenants.retryMany({ connector: 'chat' })).toMatchObject({ counts: { dispatches: 0 }, tenants: 20 });
    expect(await operator().tenants.retryMany({ dryRun: true })).toMatchObject({ counts: { retried: 2 } });
    expect(await operator().tenants.retryMany({ connector: 'desk', idempotencyKey: 'k' })).toMatchObject({ counts: { retried: 2 } });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(4);
    const replay = { idempotencyKey: 'again', type: 'order.*', all: true } as const;
    expect(await operator().tenants.replayMany(replay)).toMatchObject({ counts: { events: 2, replayed: 2 }, done: true });
    expect(await operator().tenants.replayMany(replay)).toMatchObject({ counts: { events: 2, repeated: 2, replayed: 0 } });
    // Events of the host belong to no connector.
    expect(await operator().tenants.replayMany({ idempotencyKey: 'desk', connector: 'desk' })).toMatchObject({ counts: { events: 0 } });
    await office.settled();
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(6);
    for (const wrong of [{}, { idempotencyKey: '' }, { idempotencyKey: 'a', from: 2, to: 1 }])
      await expect(operator().tenants.replayMany(wrong as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(operator().tenants.retryMany({ status: 'held' as never })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('notes one tenant that fails, goes on with the others, and tells no text of the error', async () => {
    await furnish();
    const { hub } = faulty((method, tenant) => (method === 'write' && tenant === 'tenant-05' ? away() : undefined));
    const result = await hub.operator(options).tenants.disconnectAll();
    expect(result).toMatchObject({ tenants: 20, counts: { disconnected: 33 }, failed: 1, done: true });
    expect(result.failures).toEqual([{ tenant: 'tenant-05', code: 'storage_unavailable', retryable: true }]);
    expect(JSON.stringify(result)).not.toContain('NAME');
  });

  it('does nothing to a tenant whose record cannot be written', async () => {
    await furnish();
    await die(['tenant-02', 'tenant-05']);
    const calls = stage.desk.callsOf('file_ticket').length;
    const { hub } = faulty((method, tenant) => (method === 'append' && tenant === 'tenant-05' ? away() : undefined));
    const { tenants } = hub.operator(options);
    for (const act of [
      () => tenants.pauseAll(),
      () => tenants.retryMany(),
      () => tenants.replayMany({ idempotencyKey: 'k', all: true }),
      () => tenants.disconnectAll({ connector: 'desk' }),
    ])
      expect(await act()).toMatchObject({ tenants: 20, failed: 1, failures: [{ tenant: 'tenant-05' }] });
    await office.settled();
    expect(await office.hub.operator(options).tenant('tenant-05').health()).toMatchObject({ connections: { active: 2 }, gates: [] });
    expect((await office.hub.tenant('tenant-05').dispatches.list({ status: 'dead' })).items).toHaveLength(1);
    expect((await office.hub.tenant('tenant-05').runs.list()).items).toHaveLength(1);
    // The others' were done, as far as their lanes were open.
    expect(stage.desk.callsOf('file_ticket')).toHaveLength(calls);
    expect((await office.hub.tenant('tenant-02').dispatches.list({ status: 'dead' })).items).toHaveLength(0);
  });

  it('is broken off by a signal and goes on from the cursor, without passing over anybody', async () => {
    await furnish();
    const abort = new AbortController();
    const first = await operator().tenants.disconnectAll({ signal: abort.signal, onProgress: () => abort.abort() });
    expect(first).toMatchObject({ tenants: 8, done: false, cursor: 'tenant-07' });
    const limited = await operator().tenants.disconnectAll({ cursor: first.cursor, limit: 5 });
    expect(limited).toMatchObject({ tenants: 5, done: false, cursor: 'tenant-12' });
    const rest = await operator().tenants.disconnectAll({ cursor: limited.cursor });
    expect(rest).toMatchObject({ tenants: 7, done: true });
    expect(first.counts.disconnected + limited.counts.disconnected + rest.counts.disconnected).toBe(35);
    await expect(operator().tenants.disconnectAll({ signal: abort.signal })).rejects.toThrow();
    for (const wrong of [{ limit: 0 }, { limit: 1.5 }, { cursor: 5 }, { connector: '', limit: -1 }])
      await expect(operator().tenants.disconnectAll(wrong as never)).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('begins a batch anew that was broken off within', async () => {
    await furnish();
    const abort = new AbortController();
    const { hub } = faulty((method, tenant) => {
      if (method === 'write' && tenant === 'tenant-10') abort.abort();
      return undefined;
    });
    const result = await hub.operator(options).tenants.disconnectAll({ signal: abort.signal });
    expect(result).toMatchObject({ tenants: 16, done: false, cursor: 'tenant-07' });
    const rest = await operator().tenants.disconnectAll({ cursor: result.cursor });
    expect(rest).toMatchObject({ tenants: 12, done: true });
    expect((await operator().tenants.counts()).counts.connections).toEqual({ disconnected: 40 });
  });
});
