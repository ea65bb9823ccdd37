import { createSecretKey } from 'node:crypto';
import type { AuditEntry, Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type DeskProcess, type DeskStage, deskStage, orderAutomation } from '../desk/desk-stage.ts';

let stage: DeskStage;
let office: DeskProcess;

/** What was written to the configuration, with what was recorded of it. */
let writes: { readonly tenant: string; readonly audit: readonly AuditEntry[] }[];

function noted(storage: Storage<never>): Storage<never> {
  const { configuration } = storage;
  return {
    ...storage,
    configuration: {
      ...configuration,
      write(tenant, changes, options) {
        writes.push({ tenant, audit: options?.audit ?? [] });
        return configuration.write(tenant, changes, options);
      },
    },
  };
}

beforeEach(() => {
  writes = [];
  stage = deskStage();
  const chainKeys = { active: 'a1', keys: { a1: createSecretKey(Buffer.alloc(32, 3)) } };
  office = stage.process({ storage: noted(stage.storage), audit: { chainKeys } });
});
afterEach(() => stage.close());

const ada = { kind: 'user', id: 'ada' } as const;

const actionsOf = async (tenant = 'acme'): Promise<string[]> =>
  (await office.hub.tenant(tenant).audit.list({ limit: 500 })).items.map(({ action }) => action).toReversed();

describe('what is done', () => {
  it('is recorded with who did it, what it was done to, and no secret', async () => {
    const acme = office.hub.tenant('acme', { actor: ada });
    await connect(office.hub.tenant('acme'));
    const { id } = await acme.connections.put('second', { connector: 'desk', credential: { type: 'bearer', token: 'the-secret-token' } });
    const automation = await acme.automations.put('order', orderAutomation);
    await acme.automations.disable('order');
    await acme.webhooks.register({ connection: 'second', secret: 'a-long-webhook-secret' });
    await acme.connections.disconnect('second');
    const { items } = await acme.audit.list({ limit: 500, actor: { kind: 'user', id: 'ada' } });
    expect(items.map(({ action, object }) => `${action} ${object.id}`).toReversed()).toEqual(
      expect.arrayContaining([`connection.create ${id}`, `automation.create ${automation.id}`, `connection.disconnect ${id}`]),
    );
    expect(items.every(({ actor }) => actor.kind === 'user' && actor.id === 'ada')).toBe(true);
    expect(await actionsOf()).toEqual(
      expect.arrayContaining(['tenant_key.create', 'credential.create', 'automation.change', 'registration.create', 'credential.delete']),
    );
    expect(JSON.stringify(await acme.audit.list({ limit: 500 }))).not.toMatch(/the-secret-token|a-long-webhook-secret|[A-Za-z0-9+/]{60,}/);
  });

  it('is never written to the configuration without its record', async () => {
    const acme = office.hub.tenant('acme');
    await connect(acme);
    await acme.automations.put('order', orderAutomation);
    await acme.automations.enable('order');
    await acme.automations.disable('order');
    await acme.automations.delete('order');
    const registration = await acme.webhooks.register({ connection: 'main', secret: 'a-long-webhook-secret' });
    await acme.webhooks.unregister(registration.id);
    await acme.connections.disconnect('main');
    office.hub.subscribe('*', { name: 'seen' }, async () => undefined);
    await office.hub.ready();
    expect(writes.length).toBeGreaterThan(8);
    expect(writes.filter(({ audit }) => audit.length === 0)).toEqual([]);
  });

  it('says the host where nobody is named, and refuses who cannot be named', async () => {
    await connect(office.hub.tenant('acme'));
    const { items } = await office.hub.tenant('acme').audit.list({ action: 'connection.create' });
    expect(items[0]?.actor).toEqual({ kind: 'host', id: '' });
    for (const actor of [{ kind: 'system', id: 'x' }, { kind: 'user', id: '' }, { kind: 'user' }, { kind: 'user', id: 'a\nb' }])
      expect(() => office.hub.tenant('acme', { actor: actor as typeof ada })).toThrow(
        expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('actor') }),
      );
  });

  it('upon data keys and named secrets is recorded by its name, with who wanted it', async () => {
    await connect(office.hub.tenant('acme'));
    const { vault, audit } = office.hub.tenant('acme', { actor: ada });
    await vault.put({ connection: 'main', key: 'signing', value: 'a-secret' });
    await vault.use({ connection: 'main', key: 'signing', purpose: 'sign' });
    await vault.rotate();
    await vault.rewrap();
    await stage.clock.advance(300_001);
    await vault.setMinDecryptVersion(2);
    await vault.shred({ tenant: 'acme' });
    const { items } = await audit.list({ actor: ada, limit: 100 });
    const acts = items.map(({ action }) => action).toReversed();
    expect(acts.filter((action) => /^(tenant_key|named_secret)/.test(action))).toEqual([
      ...['named_secret.open', 'tenant_key.rotate', 'tenant_key.rewrap', 'tenant_key.set_minimum', 'tenant_key.shred'],
    ]);
  });

  it('is recorded once for each credential that is opened, however often it is used', async () => {
    const acme = office.hub.tenant('acme');
    await connect(acme);
    for (let time = 0; time < 5; time += 1)
      await acme.actions.execute('desk.file_ticket', { connection: 'main', input: { title: `t-${time}` } });
    await office.settled();
    const opened = (await acme.audit.list({ action: 'credential.open' })).items;
    expect(opened).toHaveLength(1);
    expect(opened[0]).toMatchObject({ actor: { kind: 'system' }, details: { purpose: 'outgoing-request', secretVersion: 1 } });
    await stage.clock.advance(300_001);
    await acme.actions.execute('desk.file_ticket', { connection: 'main', input: { title: 'later' } });
    await office.settled();
    expect((await acme.audit.list({ action: 'credential.open' })).items).toHaveLength(2);
  });

  it('is not done where opening a credential cannot be recorded', async () => {
    const away = stage.process({
      storage: {
        ...stage.storage,
        audit: {
          ...stage.storage.audit,
          append: () => Promise.reject(Object.assign(new Error('away'), { code: 'away' })),
        },
      },
    });
    await connect(office.hub.tenant('acme'));
    await expect(away.hub.tenant('acme').connections.test('main')).resolves.toMatchObject({ healthy: false });
    await expect(office.hub.tenant('acme').connections.test('main')).resolves.toMatchObject({ healthy: true });
  });
});

describe('a chain', () => {
  it('holds, and is exported as it is verified', async () => {
    const acme = office.hub.tenant('acme');
    await connect(acme);
    const before = await acme.audit.verify();
    expect(before).toMatchObject({ valid: true, records: 0 });
    expect(before.unsealed).toBeGreaterThan(0);
    await office.settled();
    const after = await acme.audit.verify();
    expect(after).toMatchObject({ valid: true, unsealed: 0, records: before.unsealed });
    const exported = [];
    for await (const record of acme.audit.export()) exported.push(record);
    expect(exported.map(({ seq }) => seq)).toEqual(Array.from({ length: after.records }, (_, index) => index + 1));
    expect(exported.every(({ hash }) => hash.startsWith('a1:'))).toBe(true);
  });
});
