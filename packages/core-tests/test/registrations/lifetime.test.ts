import { describe, expect, it, onTestFinished } from 'vitest';
import { eventsOf, ring } from '../webhooks/bell-stage.ts';
import { away, type ChimeOptions } from './chime-service.ts';
import { chimeStage, day } from './chime-stage.ts';

async function setUp(options: ChimeOptions = {}) {
  const stage = await chimeStage(options);
  onTestFinished(() => stage.close());
  const registration = await stage.tenant.webhooks.register({ connection: 'main' });
  return { ...stage, registration };
}

const month = 30 * day;

describe('a registration that ends at its service', () => {
  it('is renewed between three quarters of its time and its end', async () => {
    const { service, tenant, registration, clock, later } = await setUp({ lifetimeMs: month });
    const begun = clock.now();
    expect(registration.expiresAt).toBe(begun + month);
    const renewed: number[] = [];
    for (let passed = 0; passed < 60; passed += 1) {
      const before = service.calls.filter((call) => call === 'renew').length;
      await later(day / 2);
      if (service.calls.filter((call) => call === 'renew').length > before) renewed.push((clock.now() - begun) / month);
    }
    expect(renewed).toHaveLength(1);
    expect(renewed[0]).toBeGreaterThanOrEqual(0.75);
    expect(renewed[0]).toBeLessThan(0.9);
    expect((await tenant.webhooks.get(registration.id)).expiresAt).toBeGreaterThan(begun + month);
    expect(service.held).toHaveLength(1);
  });

  it('is renewed by one process of several', async () => {
    const { service, clock, process, another } = await setUp({ lifetimeMs: month });
    const other = another();
    await clock.advance(0.9 * month);
    await Promise.all([process.hub.work({ until: 'idle' }), other.hub.work({ until: 'idle' })]);
    expect(service.calls.filter((call) => call === 'renew')).toHaveLength(1);
  });

  it('is expiring while it cannot be renewed, and goes on taking deliveries in', async () => {
    const { service, tenant, registration, process, failures, later } = await setUp({ lifetimeMs: month });
    service.faults.push({ call: 'renew', error: away() });
    await later(0.86 * month);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'expiring', lastError: 'The service is away.' });
    expect(failures).toMatchObject([{ status: 'expiring', expiresAt: registration.expiresAt, failures: 1 }]);
    expect((await process.send(registration.url, ring({ secret: service.held[0]?.secret ?? '' }))).status).toBe(202);
    await later(3_600_000);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active', lastError: null });
  });

  it('has failed once its time is over, and is then made anew', async () => {
    const { service, tenant, registration, later, clock } = await setUp({ lifetimeMs: month });
    for (let each = 0; each < 100; each += 1) service.faults.push({ call: 'renew', error: away() });
    for (let each = 0; each < 100; each += 1) service.faults.push({ call: 'list', error: away() });
    for (let turn = 0; turn < 60; turn += 1) await later(0.55 * day);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'failed' });
    service.faults.length = 0;
    service.held.length = 0;
    for (let turn = 0; turn < 2; turn += 1) await later(day / 2);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active', providerId: 'chime-2' });
    expect(service.held[0]?.expiresAt).toBeGreaterThan(clock.now());
  });

  it('is made anew where the service does not know it when it is renewed, and under the same URL', async () => {
    const { service, tenant, registration, later } = await setUp({ lifetimeMs: month });
    service.held.length = 0;
    await later(0.86 * month);
    expect(service.held).toMatchObject([{ id: 'chime-2', url: registration.url }]);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active', providerId: 'chime-2' });
  });

  it('is brought up to date where the service has no call to renew', async () => {
    const { service, tenant, registration, clock, later } = await setUp({ lifetimeMs: month, lacks: ['renew', 'update'] });
    await later(0.86 * month);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active' });
    expect(service.held).toHaveLength(1);
    expect((await tenant.webhooks.get(registration.id)).expiresAt).toBeGreaterThan(clock.now() + month / 2);
  });
});

describe('a registration that is ended', () => {
  it('is refused from the next delivery on, and taken away at the service', async () => {
    const { service, tenant, registration, process, later } = await setUp();
    const secret = service.held[0]?.secret ?? '';
    service.faults.push({ call: 'remove', error: away() });
    await tenant.webhooks.unregister(registration.id);
    expect((await process.send(registration.url, ring({ secret }))).status).toBe(401);
    for (let turn = 0; turn < 4; turn += 1) await later(3_600_000);
    expect(service.held).toEqual([]);
    expect(await tenant.webhooks.list()).toEqual([]);
    expect(await eventsOf(process)).toEqual([]);
  });

  it('is looked for in the list where the answer that named it was lost', async () => {
    const { service, tenant, later } = await setUp();
    service.faults.push({ call: 'create', error: away(), after: true });
    await expect(tenant.webhooks.register({ connection: 'main', trigger: 'rung' })).rejects.toThrow();
    const [lost] = await tenant.webhooks.list({ status: 'failed' });
    await tenant.webhooks.unregister(lost?.id ?? '');
    await later(1_000);
    expect(service.held.map(({ triggers }) => triggers)).toEqual([['muted', 'rung', 'wound']]);
  });

  it('is no error where the service does not have it any more', async () => {
    const { service, tenant, registration, process, later } = await setUp();
    const dead: unknown[] = [];
    process.hub.on('dispatch.dead', (notice) => dead.push(notice));
    service.held.length = 0;
    await tenant.webhooks.unregister(registration.id);
    await later(1_000);
    expect(service.calls).toContain('remove');
    expect(dead).toEqual([]);
  });

  it('leaves alone at the service what a person has set up', async () => {
    const { service, tenant, later } = await setUp();
    const byHand = await tenant.webhooks.register({ connection: 'main', trigger: 'wound', secret: 'by-the-hand-of-ada' });
    await tenant.webhooks.unregister(byHand.id);
    await later(1_000);
    expect(service.calls).toEqual(['create']);
  });

  it('leaves nothing at the service where it is ended while it is being made', async () => {
    const { service, tenant } = await setUp();
    service.onCreate = async () => {
      const [pending] = await tenant.webhooks.list({ status: 'pending' });
      await tenant.webhooks.unregister(pending?.id ?? '');
    };
    await tenant.webhooks.register({ connection: 'main', trigger: 'rung' });
    expect(service.held.map(({ triggers }) => triggers)).toEqual([['muted', 'rung', 'wound']]);
  });
});

describe('a connection that is ended', () => {
  it.each(['disconnect', 'disconnectAll'] as const)('takes with it what it has registered, by %s', async (how) => {
    const { service, tenant, process } = await setUp();
    const secret = service.held[0]?.secret ?? '';
    if (how === 'disconnect') await tenant.connections.disconnect('main');
    else await process.hub.operator({ actor: 'grace', reason: 'a leak' }).tenant('acme').disconnectAll();
    expect(service.held).toEqual([]);
    const [registration] = await tenant.webhooks.list();
    expect(registration).toMatchObject({ status: 'pending', providerId: null });
    expect((await process.send(registration?.url ?? '', ring({ secret }))).status).toBe(401);
  });

  it('ends here at once although the service is away, and its registrations are there again when it is put again', async () => {
    const { service, tenant, registration, failures, later } = await setUp();
    service.faults.push({ call: 'remove', error: away() });
    await tenant.connections.disconnect('main');
    expect((await tenant.connections.get('main')).status).toBe('disconnected');
    expect(failures).toHaveLength(1);
    await tenant.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
    for (let turn = 0; turn < 2; turn += 1) await later(day);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active' });
    expect(service.held).toMatchObject([{ url: registration.url }]);
  });
});

describe('another secret', () => {
  it('is what the service signs with from then on, while the one before is let in for a day', async () => {
    const { service, tenant, registration, process, clock } = await setUp();
    const before = service.held[0]?.secret ?? '';
    await tenant.webhooks.rotateSecret(registration.id);
    const after = service.held[0]?.secret ?? '';
    expect(after).not.toBe(before);
    expect(service.held).toHaveLength(1);
    const statuses = async () => [
      (await process.send(registration.url, ring({ secret: before }))).status,
      (await process.send(registration.url, ring({ secret: after }))).status,
    ];
    expect(await statuses()).toEqual([202, 202]);
    await clock.advance(day + 1);
    expect(await statuses()).toEqual([401, 202]);
  });

  it('ends the one before at once where somebody has seen it', async () => {
    const { service, tenant, registration, process } = await setUp();
    const before = service.held[0]?.secret ?? '';
    await tenant.webhooks.rotateSecret(registration.id, { overlapMs: 0 });
    const after = service.held[0]?.secret ?? '';
    expect((await process.send(registration.url, ring({ secret: before }))).status).toBe(401);
    expect((await process.send(registration.url, ring({ secret: after }))).status).toBe(202);
    await expect(tenant.webhooks.rotateSecret(registration.id, { overlapMs: -1 })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('reaches the service later where it is away, and what it signs meanwhile is let in', async () => {
    const { service, tenant, registration, process, later } = await setUp();
    service.faults.push({ call: 'list', error: away() });
    await expect(tenant.webhooks.rotateSecret(registration.id)).rejects.toMatchObject({ code: 'provider_unavailable' });
    const before = service.held[0]?.secret ?? '';
    expect((await process.send(registration.url, ring({ secret: before }))).status).toBe(202);
    for (let turn = 0; turn < 3; turn += 1) await later(120_000);
    expect(service.held[0]?.secret).not.toBe(before);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active' });
  });

  it('is given by the person who has set it up, and by nobody where the hub has', async () => {
    const { tenant, registration, process } = await setUp();
    const byHand = await tenant.webhooks.register({ connection: 'main', trigger: 'rung', secret: 'by-the-hand-of-ada' });
    await tenant.webhooks.rotateSecret(byHand.id, { secret: 'another-by-ada' });
    for (const secret of ['by-the-hand-of-ada', 'another-by-ada'])
      expect((await process.send(byHand.url, ring({ secret }))).status).toBe(202);
    await expect(tenant.webhooks.rotateSecret(byHand.id)).rejects.toMatchObject({ code: 'credential_missing' });
    await expect(tenant.webhooks.rotateSecret(registration.id, { secret: 'by-the-hand-of-ada' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });
});
