import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HealthProcess, type HealthStage, healthStage } from './health-stage.ts';

let stage: HealthStage;
let office: HealthProcess;

const quiet = { health: { checkEveryMs: null } };

beforeEach(async () => {
  stage = await healthStage();
  office = stage.process(quiet);
  await put();
});
afterEach(() => stage.close());

const put = (token = 'a-token') => office.acme.connections.put('main', { connector: 'depot', credential: { type: 'bearer', token } });

const requests = (): number => stage.provider.requests.length;

const operator = ({ hub }: HealthProcess = office) => hub.operator({ actor: 'grace', reason: 'ticket 12' }).tenant('acme');

const recorded = async (): Promise<readonly string[]> =>
  (await office.acme.audit.list({ limit: 500 })).items.map(({ action }) => action).toReversed();

describe('a paused connection', () => {
  it('sends nothing: a direct request is refused with the reason, and what is due waits without an attempt', async () => {
    await office.acme.connections.pause('main', { reason: 'The shop moves.' });
    await expect(office.get()).rejects.toMatchObject({
      code: 'connection_paused',
      sent: 'no',
      message: expect.stringContaining('is paused'),
    });
    const { dispatchId } = await office.acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
    await office.hub.work();
    expect(await office.acme.dispatches.get(dispatchId)).toMatchObject({ status: 'pending', attemptCount: 0 });
    expect(requests()).toBe(0);
    expect((await office.acme.connections.health('main')).paused).toEqual({
      ...{ by: 'host', reason: 'The shop moves.', inbound: false },
      at: stage.clock.now(),
    });
    await office.acme.connections.resume('main');
    await office.hub.work();
    await office.get();
    expect(await office.acme.dispatches.get(dispatchId)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect((await office.acme.connections.health('main')).paused).toBeNull();
  });

  it('stays so after a restart, and in another process within a second', async () => {
    const other = stage.process(quiet);
    await other.get();
    await office.acme.connections.pause('main');
    await stage.clock.advance(1_001);
    await expect(other.get()).rejects.toMatchObject({ code: 'connection_paused' });
    await office.hub.stop();
    await other.hub.stop();
    const restarted = stage.process(quiet);
    await expect(restarted.get()).rejects.toMatchObject({ code: 'connection_paused' });
    expect(requests()).toBe(1);
  });

  it('can be tested all the same, so that somebody can find out whether to resume it', async () => {
    await office.acme.connections.pause('main');
    expect(await office.acme.connections.test('main')).toMatchObject({ healthy: true });
  });

  it('is told and recorded, with who has done it', async () => {
    const ada = office.hub.tenant('acme', { actor: { kind: 'user', id: 'ada' } });
    await ada.connections.pause('main');
    await ada.connections.resume('main');
    await ada.connections.resume('main');
    expect(office.noticesOf('connection.paused')).toMatchObject([{ tenant: 'acme', connectorId: 'depot', by: 'user', inbound: false }]);
    expect(office.noticesOf('connection.resumed')).toMatchObject([{ by: 'user' }]);
    const { items } = await office.acme.audit.list({ actor: { kind: 'user', id: 'ada' } });
    expect(items.map(({ action }) => action).toReversed()).toEqual(['connection.pause', 'connection.resume', 'connection.resume']);
  });

  it('is resumed by nobody but an operator, where an operator has paused it', async () => {
    await operator().pause('main');
    await office.acme.connections.pause('main', { reason: 'Me too.' });
    expect((await office.acme.connections.health('main')).paused).toMatchObject({ by: 'operator', reason: 'ticket 12' });
    await expect(office.acme.connections.resume('main')).rejects.toMatchObject({ code: 'conflict' });
    await expect(office.get()).rejects.toMatchObject({ code: 'connection_paused' });
    await operator().resume('main');
    await office.get();
    await operator().pauseAll();
    await expect(office.acme.connections.resume('main')).rejects.toMatchObject({ code: 'conflict' });
    await operator().resumeAll();
    await office.get();
    expect(requests()).toBe(2);
  });

  it('takes no reason that is none', async () => {
    for (const reason of ['', ' ', 'a\nb', 'x'.repeat(201), 7 as never])
      await expect(office.acme.connections.pause('main', { reason })).rejects.toMatchObject({ code: 'invalid_argument' });
    await office.get();
  });

  it('refuses direct requests where the store cannot say whether it is paused', async () => {
    const { gates } = stage.storage;
    const list = gates.list.bind(gates);
    gates.list = async () => {
      throw new Error('The store is away.');
    };
    await expect(office.get()).rejects.toMatchObject({ code: 'storage_unavailable', sent: 'no', retryable: true });
    gates.list = list;
    await office.get();
    expect(requests()).toBe(1);
  });
});

describe('asking to connect again', () => {
  it('marks the connection for the host until it has another credential, and keeps nothing back', async () => {
    const { connection, connect } = await office.acme.connections.askToReconnect('main', { message: 'Please give us more rights.' });
    const asked = { at: stage.clock.now(), message: 'Please give us more rights.' };
    expect([connection.reconnectAsked, connection.status, connect]).toEqual([asked, 'active', null]);
    await office.get();
    await put();
    expect((await office.acme.connections.get('main')).reconnectAsked).toEqual(asked);
    expect((await office.acme.connections.health('main')).reconnectAsked).toEqual(asked);
    expect(office.noticesOf('connection.reconnect_asked')).toMatchObject([{ message: 'Please give us more rights.', by: 'host' }]);
    await put('another-token');
    expect((await office.acme.connections.get('main')).reconnectAsked).toBeNull();
  });

  it('is over with a rotation too, and stays over what is said of the connection', async () => {
    await office.acme.connections.askToReconnect('main', { message: 'Again.' });
    await office.acme.connections.update('main', { owner: 'ada' });
    expect((await office.acme.connections.get('main')).reconnectAsked).not.toBeNull();
    await office.acme.connections.rotate('main', { credential: { type: 'bearer', token: 'another-token' } });
    expect((await office.acme.connections.get('main')).reconnectAsked).toBeNull();
  });

  it('is recorded, and an operator can ask as well', async () => {
    await operator().askToReconnect('main', { message: 'Again.' });
    expect((await office.acme.connections.get('main')).reconnectAsked?.message).toBe('Again.');
    expect((await recorded()).slice(-2)).toEqual(['operator.ask_to_reconnect', 'connection.change']);
    expect(office.noticesOf('connection.reconnect_asked')).toMatchObject([{ by: 'operator' }]);
  });

  it('takes a message that can be shown, and no connection that has ended', async () => {
    for (const message of ['', '  ', 'a\u0000b', 'x'.repeat(501), undefined as never])
      await expect(office.acme.connections.askToReconnect('main', { message })).rejects.toMatchObject({ code: 'invalid_argument' });
    await office.acme.connections.disconnect('main');
    await expect(office.acme.connections.askToReconnect('main', { message: 'Again.' })).rejects.toMatchObject({ code: 'conflict' });
    expect(office.noticesOf('connection.reconnect_asked')).toEqual([]);
  });
});

describe('the summary of connections', () => {
  it('counts them by how they are, with the rates of a healthy hub', async () => {
    await office.acme.connections.put('refused', { connector: 'depot', credential: { type: 'bearer', token: 'refused-token' } });
    await office.acme.connections.put('ended', { connector: 'depot', credential: { type: 'bearer', token: 'ended-token' } });
    await office.acme.connections.disconnect('ended');
    stage.said.status = 401;
    await office.acme.connections.test('refused');
    await office.acme.connections.pause('main');
    await office.acme.connections.askToReconnect('refused', { message: 'Again.' });
    const { counts, rates } = await office.acme.connections.healthSummary();
    expect(counts).toMatchObject({ connections: 2, good: 1, degraded: 0, poor: 1, paused: 1, warned: 0, reconnectAsked: 1 });
    expect(rates).toEqual({ healthyConnections: 0.5, oauthSuccess: null, deliverySuccess: null });
    expect((await office.acme.connections.healthSummary({ connector: 'other' })).rates.healthyConnections).toBeNull();
    for (const days of [0, 91, 1.5])
      await expect(office.acme.connections.healthSummary({ days })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('counts what came of connecting, renewing and delivering on the last days', async () => {
    const day = new Date(stage.clock.now()).toISOString().slice(0, 10);
    const delta = (name: string, by: number) => ({ tenant: 'acme', name, day, by });
    const deltas = [
      ...[delta('oauth:connect:succeeded', 3), delta('oauth:connect:failed', 1), delta('oauth:renewal:succeeded', 15)],
      ...[
        delta('oauth:renewal:failed', 1),
        delta('delivery:e1:order.placed:succeeded:40', 9),
        delta('delivery:e1:order.placed:failed:none', 1),
      ],
    ];
    await stage.storage.counters.add({ id: '01890a5d-ac96-774b-bcce-b302099a8057', deltas });
    const { counts, rates } = await office.acme.connections.healthSummary({ days: 1 });
    expect(counts).toMatchObject({ connectsSucceeded: 3, connectsFailed: 1, renewalsSucceeded: 15, renewalsFailed: 1 });
    expect(rates).toEqual({ healthyConnections: 1, oauthSuccess: 0.9, deliverySuccess: 0.9 });
    await stage.clock.advance(86_400_000);
    expect((await office.acme.connections.healthSummary({ days: 1 })).rates.oauthSuccess).toBeNull();
    expect((await office.acme.connections.healthSummary({ days: 2 })).rates.oauthSuccess).toBe(0.9);
  });

  it('is added up over all tenants, where one that fails is named and rejects neither it nor a page', async () => {
    for (const tenant of ['beta', 'gamma'])
      await office.hub.tenant(tenant).connections.put('main', { connector: 'depot', credential: { type: 'bearer', token: 'a-token' } });
    const { gates } = stage.storage;
    const list = gates.list.bind(gates);
    const { PatchbayError } = await import('@patchbay/core');
    gates.list = async (tenant) => {
      if (tenant === 'beta') throw new PatchbayError({ code: 'storage_unavailable', message: 'Away.', retryable: true });
      return list(tenant);
    };
    const { tenants } = office.hub.operator({ actor: 'grace', reason: 'ticket 12' });
    const failure = { tenant: 'beta', code: 'storage_unavailable', retryable: true };
    const page = await tenants.health();
    expect(page).toMatchObject({ items: [{ tenant: 'acme' }, { tenant: 'gamma' }], cursor: null, failures: [failure] });
    const summary = await tenants.healthSummary({ days: 1 });
    expect(summary).toMatchObject({ tenants: 3, failed: 1, failures: [failure], done: true, counts: { connections: 2, good: 2 } });
    expect(summary.rates.healthyConnections).toBe(1);
    expect(await recorded()).toEqual(expect.arrayContaining(['operator.look_health', 'operator.look_health_summary']));
  });
});
