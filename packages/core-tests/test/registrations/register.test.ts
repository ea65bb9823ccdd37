import { PatchbayError } from '@patchbay/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bellStage, eventsOf, ring, settle } from '../webhooks/bell-stage.ts';
import { away, type ChimeOptions } from './chime-service.ts';
import { chimeStage, day } from './chime-stage.ts';

async function setUp(options: ChimeOptions & { readonly confinable?: boolean } = {}) {
  const stage = await chimeStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

describe('registering by the API of a service', () => {
  it('gives the service the URL and a secret of 32 random bytes, and takes in what it signs with that', async () => {
    const { service, tenant, process } = await setUp();
    const registration = await tenant.webhooks.register({ connection: 'main', trigger: 'rung' });
    const [held] = service.held;
    expect(service.calls).toEqual(['create']);
    expect(held).toMatchObject({ url: registration.url, triggers: ['rung'], active: true });
    expect(Buffer.from(held?.secret ?? '', 'base64url')).toHaveLength(32);
    expect(registration).toMatchObject({
      setUpBy: 'hub',
      status: 'active',
      providerId: 'chime-1',
      expiresAt: null,
      lastError: null,
      target: null,
    });
    expect((await process.send(registration.url, ring({ secret: held?.secret ?? '' }))).status).toBe(202);
    expect(await eventsOf(process)).toHaveLength(1);
  });

  it('keeps the secret sealed, and shows it nowhere', async () => {
    const { service, tenant, storage } = await setUp();
    const { id } = await tenant.webhooks.register({ connection: 'main' });
    const row = await storage.configuration.get('acme', 'registration', id);
    const shown = JSON.stringify([row, await tenant.webhooks.get(id), await tenant.audit.list()]);
    expect(service.held[0]?.secret).toMatch(/^[\w-]{43}$/);
    expect(shown).not.toContain(service.held[0]?.secret);
  });

  it('answers the challenge that the service sends while it is asked', async () => {
    const { service, tenant, process } = await setUp();
    const answers: string[] = [];
    service.onCreate = async ({ url, secret }) => {
      answers.push((await process.send(url, ring({ secret, body: { challenge: 'are you there' } }))).text);
    };
    await tenant.webhooks.register({ connection: 'main' });
    expect(answers).toEqual(['are you there']);
  });

  it('registers once however often it is asked, and each set of triggers by itself', async () => {
    const { service, tenant } = await setUp();
    const first = await tenant.webhooks.register({ connection: 'main', trigger: ['rung', 'wound'] });
    const again = await tenant.webhooks.register({ connection: 'main', trigger: ['wound', 'rung'] });
    expect(again).toEqual(first);
    expect(service.calls).toEqual(['create']);
    await tenant.webhooks.register({ connection: 'main', trigger: 'rung' });
    expect(service.held.map(({ triggers }) => triggers)).toEqual([['rung', 'wound'], ['rung']]);
  });

  it('makes one at the service however many ask at once, in several processes', async () => {
    const { service, tenant, another } = await setUp();
    const other = another().hub.tenant('acme');
    // So long that others could read the list of the service before it is there.
    service.beforeCreate = async () => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const asked = Array.from({ length: 10 }, (_, index) => (index % 2 ? other : tenant).webhooks.register({ connection: 'main' }));
    const ids = new Set((await Promise.all(asked)).map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(service.held).toHaveLength(1);
  });

  it('stays as failed with its error where the service refuses, and the same call repeats it', async () => {
    const { service, tenant, failures } = await setUp();
    const error = new PatchbayError({ code: 'provider_rejected', message: 'Too many subscriptions.', sent: 'no' });
    service.faults.push({ call: 'create', error });
    await expect(tenant.webhooks.register({ connection: 'main' })).rejects.toMatchObject({ code: 'provider_rejected' });
    const [failed] = await tenant.webhooks.list({ status: 'failed' });
    expect(failed).toMatchObject({ status: 'failed', lastError: 'Too many subscriptions.', providerId: null });
    expect(failures).toMatchObject([{ tenant: 'acme', registrationId: failed?.id, status: 'failed', failures: 1 }]);
    expect(await tenant.webhooks.register({ connection: 'main' })).toMatchObject({ id: failed?.id, status: 'active', lastError: null });
    expect(service.held).toHaveLength(1);
  });

  it('takes over what the service made although its answer was lost, and makes no second one', async () => {
    const { service, tenant, process } = await setUp();
    service.faults.push({ call: 'create', error: away(), after: true });
    await expect(tenant.webhooks.register({ connection: 'main' })).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(service.held).toHaveLength(1);
    const registration = await tenant.webhooks.register({ connection: 'main' });
    expect(registration).toMatchObject({ status: 'active', providerId: 'chime-1' });
    expect(service.held).toHaveLength(1);
    expect((await process.send(registration.url, ring({ secret: service.held[0]?.secret ?? '' }))).status).toBe(202);
  });

  it('brings to the service what a process that was lost has only begun', async () => {
    const { service, tenant, storage, later } = await setUp();
    const { id } = await tenant.webhooks.register({ connection: 'main' });
    // As the process leaves it that ends between the row and the call.
    const row = await storage.configuration.get('acme', 'registration', id);
    const { subscription } = row?.value ?? {};
    if (!row || !subscription) throw new Error('There is no subscription.');
    const begun = { ...row.value, subscription: { ...subscription, status: 'pending', providerId: null, dueAt: 0 } as const };
    await storage.configuration.write('acme', [{ put: 'registration', id, name: row.name, expect: row.version, value: begun }]);
    service.held.length = 0;
    await later(2 * day);
    expect(await tenant.webhooks.get(id)).toMatchObject({ status: 'active', providerId: 'chime-2' });
    expect(service.held).toHaveLength(1);
  });

  it('tries by itself what has failed, less and less often, until it works', async () => {
    const { service, tenant, failures, later } = await setUp();
    for (let each = 0; each < 3; each += 1) service.faults.push({ call: 'create', error: away() });
    await expect(tenant.webhooks.register({ connection: 'main' })).rejects.toThrow();
    for (let turn = 0; turn < 20; turn += 1) await later(60_000);
    expect(failures.map((notice) => notice.failures)).toEqual([1, 2, 3]);
    expect(await tenant.webhooks.list()).toMatchObject([{ status: 'active' }]);
    expect(service.held).toHaveLength(1);
  });

  it('does not quote the secret where the service throws it back', async () => {
    const { service, tenant, failures } = await setUp();
    service.onCreate = async ({ secret }) => {
      throw new PatchbayError({ code: 'provider_rejected', message: `Bad secret ${secret}.`, sent: 'no' });
    };
    const thrown: unknown = await tenant.webhooks.register({ connection: 'main' }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'provider_rejected' });
    const [held] = service.held;
    const told = JSON.stringify([String(thrown), failures, await tenant.webhooks.list()]);
    expect(held?.secret).toMatch(/^[\w-]{43}$/);
    expect(told).not.toContain(held?.secret);
  });
});

describe('what is refused before the service is asked', () => {
  it('is one without a secret where only a person can set it up', async () => {
    const plain = bellStage();
    onTestFinished(() => plain.close());
    const { handle } = await settle(plain.process());
    await expect(handle.webhooks.register({ connection: 'main', trigger: 'wound' })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('give that secret here'),
    });
    await expect(handle.webhooks.reconcile({ connection: 'main' })).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('is a secret for one that the hub has registered, and none for one that a person has set up', async () => {
    const { service, tenant } = await setUp();
    await tenant.webhooks.register({ connection: 'main', trigger: 'rung' });
    await tenant.webhooks.register({ connection: 'main', trigger: 'wound', secret: 'by-the-hand-of-ada' });
    const calls = [{ trigger: 'rung', secret: 'by-the-hand-of-ada' }, { trigger: 'wound' }];
    for (const call of calls)
      await expect(tenant.webhooks.register({ connection: 'main', ...call })).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(service.held).toHaveLength(1);
  });

  it('is a target where none is taken, and none where one is needed', async () => {
    const whole = await setUp();
    await expect(whole.tenant.webhooks.register({ connection: 'main', target: 'c' })).rejects.toMatchObject({ code: 'invalid_argument' });
    const parts = await setUp({ target: 'a tone' });
    await expect(parts.tenant.webhooks.register({ connection: 'main' })).rejects.toMatchObject({
      message: expect.stringContaining('a tone'),
    });
    const byHand = { connection: 'main', target: 'c', secret: 'by-the-hand-of-ada' };
    await expect(parts.tenant.webhooks.register(byHand)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect([...whole.service.calls, ...parts.service.calls]).toEqual([]);
  });

  it('is a target that the connection is not confined to', async () => {
    const { service, tenant } = await setUp({ target: 'a tone', confinable: true });
    await tenant.connections.update('main', { confinedTo: { tone: ['c'] } });
    await expect(tenant.webhooks.register({ connection: 'main', target: 'd' })).rejects.toMatchObject({ code: 'resource_refused' });
    expect(service.calls).toEqual([]);
    await tenant.webhooks.register({ connection: 'main', target: 'c' });
    expect(service.held).toMatchObject([{ target: 'c' }]);
  });

  it('is everything of a connection that is confined where the connector does not say what a target names', async () => {
    const { service, tenant } = await setUp({ confinable: true });
    await tenant.connections.update('main', { confinedTo: { tone: ['c'] } });
    await expect(tenant.webhooks.register({ connection: 'main' })).rejects.toMatchObject({ code: 'resource_refused' });
    expect(service.calls).toEqual([]);
  });
});

describe('registrations of several targets', () => {
  it('stand beside each other, each with a secret and a URL of its own', async () => {
    const { service, tenant } = await setUp({ target: 'a tone' });
    for (const target of ['c', 'd', 'c']) await tenant.webhooks.register({ connection: 'main', target });
    expect(service.held.map(({ target }) => target)).toEqual(['c', 'd']);
    expect(new Set(service.held.map(({ url }) => url)).size).toBe(2);
    expect(new Set(service.held.map(({ secret }) => secret)).size).toBe(2);
  });
});
