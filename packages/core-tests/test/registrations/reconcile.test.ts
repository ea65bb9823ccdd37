import { describe, expect, it, onTestFinished } from 'vitest';
import { ring } from '../webhooks/bell-stage.ts';
import { away, type ChimeOptions } from './chime-service.ts';
import { chimeStage, day } from './chime-stage.ts';

async function setUp(options: ChimeOptions = {}) {
  const stage = await chimeStage(options);
  onTestFinished(() => stage.close());
  const registration = await stage.tenant.webhooks.register({
    connection: 'main',
    ...(options.target === undefined ? {} : { target: 'c' }),
  });
  return { ...stage, registration };
}

const foreign = { triggers: ['rung'], secret: 'x', target: null, active: true };

describe('comparing with the list of the service', () => {
  it('finds nothing where all is as it should be', async () => {
    const { service, tenant } = await setUp();
    expect(await tenant.webhooks.reconcile({ connection: 'main' })).toEqual({ compared: 1, findings: [] });
    expect(service.calls).toEqual(['create', 'list']);
  });

  it('makes again what is missing', async () => {
    const { service, tenant, registration, process } = await setUp();
    service.held.length = 0;
    const { findings } = await tenant.webhooks.reconcile({ connection: 'main' });
    expect(findings).toMatchObject([{ kind: 'missing', registration: registration.id, providerId: 'chime-1', mended: true, error: null }]);
    expect(service.held).toMatchObject([{ id: 'chime-2', url: registration.url }]);
    expect((await process.send(registration.url, ring({ secret: service.held[0]?.secret ?? '' }))).status).toBe(202);
  });

  it.each([
    ['another URL', { url: 'https://elsewhere.example.com/hook' }],
    ['other events', { triggers: ['rung'] }],
    ['being stopped', { active: false }],
  ])('brings up to date what differs by %s', async (_, change) => {
    const { service, tenant, registration } = await setUp();
    Object.assign(service.held[0] ?? {}, change);
    const { findings } = await tenant.webhooks.reconcile({ connection: 'main' });
    expect(findings).toMatchObject([{ kind: 'different', mended: true }]);
    expect(service.held).toMatchObject([{ id: 'chime-1', url: registration.url, triggers: ['muted', 'rung', 'wound'], active: true }]);
  });

  it('leaves one where there are two of a URL, the one that is known', async () => {
    const { service, tenant, registration } = await setUp();
    service.held.unshift({ ...foreign, id: 'twin', url: registration.url });
    const { findings } = await tenant.webhooks.reconcile({ connection: 'main' });
    expect(findings).toMatchObject([{ kind: 'twice', mended: true }]);
    expect(service.held.map(({ id }) => id)).toEqual(['chime-1']);
  });

  it('takes one that the list names twice for the one that it is', async () => {
    const { service, tenant, process } = await setUp();
    const { subscriptions } = service;
    const list = subscriptions.list.bind(subscriptions);
    // As of a list in pages, between which something moved.
    Object.assign(subscriptions, { list: async (call: Parameters<typeof list>[0]) => [...(await list(call)), ...(await list(call))] });
    expect(await tenant.webhooks.reconcile({ connection: 'main' })).toEqual({ compared: 1, findings: [] });
    expect(service.held.map(({ id }) => id)).toEqual(['chime-1']);
    expect(service.calls).not.toContain('remove');
    const [held] = service.held;
    expect(held && (await process.send(held.url, ring({ secret: held.secret }))).status).toBe(202);
  });

  it('lists what stands at a URL of the hub and is nobody’s, and takes it away only when it is asked to', async () => {
    const { service, tenant, registration } = await setUp();
    const unknown = `${registration.url.slice(0, -36)}01980000-0000-7000-8000-000000000000`;
    service.held.push({ ...foreign, id: 'left-over', url: unknown }, { ...foreign, id: 'not-ours', url: 'https://elsewhere.example.com' });
    const listed = await tenant.webhooks.reconcile({ connection: 'main' });
    expect(listed.findings).toEqual([
      { kind: 'unknown', registration: null, target: null, providerId: 'left-over', mended: false, error: null },
    ]);
    expect(service.held).toHaveLength(3);
    await tenant.webhooks.reconcile({ connection: 'main', removeUnknown: true });
    expect(service.held.map(({ id }) => id)).toEqual(['chime-1', 'not-ours']);
  });

  it('takes no registration of another tenant for nobody’s', async () => {
    const { service, tenant, process } = await setUp();
    const other = process.hub.tenant('rival');
    await other.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
    await other.webhooks.register({ connection: 'main' });
    const { findings } = await tenant.webhooks.reconcile({ connection: 'main', removeUnknown: true });
    expect(findings).toEqual([]);
    expect(service.held).toHaveLength(2);
  });

  it.each(['?from=chime', '/', '#bell', '/?from=chime'])(
    'takes no registration for nobody’s whose URL somebody wrote with %j behind it, nor the URL of the app',
    async (behind) => {
      const { service, tenant, process } = await setUp();
      const other = process.hub.tenant('rival');
      await other.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
      const { url } = await other.webhooks.register({ connection: 'main' });
      for (const held of service.held) if (held.url === url) held.url += behind;
      service.held.push({ ...foreign, id: 'of-the-app', url: url.slice(0, -37) }, { ...foreign, id: 'of-it-too', url: url.slice(0, -36) });
      const { findings } = await tenant.webhooks.reconcile({ connection: 'main', removeUnknown: true });
      expect(findings).toEqual([]);
      expect(service.held).toHaveLength(4);
    },
  );

  it('changes nothing in a dry run, and tells the same', async () => {
    const { service, tenant, registration } = await setUp();
    const [held] = service.held;
    service.held.length = 0;
    service.held.push({ ...foreign, id: 'left-over', url: registration.url.replace(registration.id, 'nobody') });
    const { findings } = await tenant.webhooks.reconcile({ connection: 'main', dryRun: true, removeUnknown: true });
    expect(findings.map(({ kind, mended }) => [kind, mended])).toEqual([
      ['missing', false],
      ['unknown', false],
    ]);
    expect(service.held.map(({ id }) => id)).toEqual(['left-over']);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ providerId: held?.id, status: 'active' });
  });

  it('tells of a list that cannot be read, and leaves what is registered as it is', async () => {
    const { service, tenant, registration, failures } = await setUp();
    service.faults.push({ call: 'list', error: away() });
    const { findings } = await tenant.webhooks.reconcile({ connection: 'main' });
    expect(findings).toMatchObject([{ kind: 'unreachable', registration: registration.id, mended: false, error: 'The service is away.' }]);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active', lastError: 'The service is away.' });
    expect(failures).toHaveLength(1);
  });

  it('asks for the list of each target by itself', async () => {
    const { service, tenant } = await setUp({ target: 'a tone' });
    await tenant.webhooks.register({ connection: 'main', target: 'd' });
    service.held.length = 0;
    const { findings } = await tenant.webhooks.reconcile({ connection: 'main' });
    expect(findings.map(({ kind, target }) => [kind, target])).toEqual([
      ['missing', 'c'],
      ['missing', 'd'],
    ]);
    expect(service.held.map(({ target }) => target)).toEqual(['c', 'd']);
  });

  it('is done by the hub itself, once a day', async () => {
    const { service, tenant, registration, later } = await setUp();
    for (let hour = 0; hour < 24 * 4; hour += 1) await later(3_600_000);
    expect(service.calls.filter((call) => call === 'list').length).toBeGreaterThanOrEqual(3);
    expect(service.calls.filter((call) => call === 'list').length).toBeLessThanOrEqual(5);
    service.held.length = 0;
    for (let turn = 0; turn < 2; turn += 1) await later(day);
    expect(service.held).toHaveLength(1);
    expect(await tenant.webhooks.get(registration.id)).toMatchObject({ status: 'active', providerId: 'chime-2' });
  });
});

describe('the list of registrations', () => {
  it('is filtered by connection, connector and status, and paged', async () => {
    const { service, tenant, registration } = await setUp();
    await tenant.connections.put('second', { connector: 'bell', credential: { type: 'none' } });
    service.faults.push({ call: 'create', error: away() });
    await expect(tenant.webhooks.register({ connection: 'second' })).rejects.toThrow();
    const byHand = await tenant.webhooks.register({ connection: 'second', trigger: 'rung', secret: 'by-the-hand-of-ada' });
    const idsOf = async (filter: Parameters<typeof tenant.webhooks.list>[0]) => (await tenant.webhooks.list(filter)).map(({ id }) => id);
    expect(await idsOf({ connection: 'main' })).toEqual([registration.id]);
    expect(await idsOf({ status: 'active' })).toEqual([registration.id, byHand.id]);
    expect(await idsOf({ connection: 'second', status: 'failed' })).toHaveLength(1);
    expect(await idsOf({ connector: 'bell' })).toHaveLength(3);
    expect(await idsOf({ connector: 'whistle' })).toEqual([]);
    const first = await tenant.webhooks.page({ limit: 2 });
    const second = await tenant.webhooks.page({ limit: 2, cursor: first.cursor });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(await idsOf({}));
    expect([first.items.length, second.cursor]).toEqual([2, null]);
    await expect(idsOf(JSON.parse('{"status":"broken"}'))).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
