import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, type RotationProcess, type RotationStage, rotationStage, tokens } from './rotation-stage.ts';

let stage: RotationStage;
let office: RotationProcess;
const day = 86_400_000;
const minute = 60_000;

beforeEach(async () => {
  stage = await rotationStage();
  office = stage.process();
});
afterEach(() => stage.close());

const put = (expiresAt: number, more: object = {}) =>
  office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.first), expiresAt, ...more });
const main = () => office.acme.connections.get('main');
const gates = async () => (await stage.storage.gates.list('acme')).map(({ reason }) => reason);
const reminded = (...processes: readonly RotationProcess[]) =>
  processes.flatMap((process) => process.noticesOf('connection.credential_expiring').map(({ days }) => days));

/** Lets a time pass with a turn of every process in each step. */
async function pass(ms: number, step: number, ...processes: readonly RotationProcess[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    await stage.clock.advance(step);
    await Promise.all(processes.map(({ hub }) => hub.work()));
  }
}

describe('a credential with an end', () => {
  it('is reminded of 14, 3 and 1 days before, each once over all processes, and is not used after it', async () => {
    const [one, two] = [stage.process(), stage.process()];
    const expiresAt = stage.clock.now() + 20 * day;
    await put(expiresAt);
    expect(await main()).toMatchObject({ status: 'active', credentialExpiresAt: expiresAt });
    await pass(6 * day - minute, 6 * day - minute, one, two);
    expect(reminded(one, two)).toEqual([]);
    await pass(minute, minute, one, two);
    expect(reminded(one, two)).toEqual([14]);
    await pass(14 * day - 2 * minute, (14 * day - 2 * minute) / 40, one, two);
    expect(reminded(one, two).toSorted((left, right) => right - left)).toEqual([14, 3, 1]);
    const [notice] = [one, two].flatMap((process) => process.noticesOf('connection.credential_expiring'));
    expect(notice).toMatchObject({ tenant: 'acme', connectorId: 'depot', expiresAt, days: expect.any(Number) });
    await pass(2 * minute, minute, one, two);
    expect(await main()).toMatchObject({ status: 'token_expired', statusReason: 'expired' });
    expect(await gates()).toEqual(['connection']);
    const told = [one, two].flatMap((process) => process.noticesOf('connection.status_changed'));
    expect(told).toMatchObject([{ from: 'active', to: 'token_expired', reason: 'expired' }]);
    expect(reminded(one, two)).toHaveLength(3);
  });

  it('is reminded of at the days that the host says', async () => {
    office = stage.process({ remindDays: [7] });
    await put(stage.clock.now() + 8 * day);
    await pass(8 * day - minute, 3_600_000, office);
    expect(reminded(office)).toEqual([7]);
  });

  it('is reminded of once where nobody was there for the others', async () => {
    await put(stage.clock.now() + 20 * day);
    await stage.clock.advance(18 * day);
    await office.hub.work();
    expect(reminded(office)).toEqual([3]);
  });

  it('is not sent after its end, also where no upkeep has come: what waits keeps its attempts and goes on with the next one', async () => {
    await put(stage.clock.now() + day);
    const look = await office.call();
    await stage.clock.advance(day);
    // Whoever has the lease keeps it: this process does not look after connections.
    const late = stage.process({
      storage: { ...stage.storage, leases: { ...stage.storage.leases, acquire: async () => null } },
    });
    await late.hub.work();
    expect(await look()).toMatchObject({ status: 'pending', attemptCount: 0 });
    expect(await main()).toMatchObject({ status: 'token_expired' });
    expect(await gates()).toEqual(['connection']);
    await expect(late.acme.request('main', { method: 'GET', path: path`/items` })).rejects.toMatchObject({ code: 'credential_missing' });
    expect(stage.provider.requests).toEqual([]);
    await office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.second) });
    await stage.clock.advance(10_000);
    await late.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(await main()).toMatchObject({ credentialExpiresAt: null, statusReason: null });
  });

  it('is not sent by a request or a test of the host after its end', async () => {
    await put(stage.clock.now() + day);
    await stage.clock.advance(day);
    await expect(office.acme.request('main', { method: 'GET', path: path`/items` })).rejects.toMatchObject({ code: 'credential_missing' });
    expect(await office.acme.connections.test('main')).toMatchObject({ healthy: false });
    expect(await main()).toMatchObject({ status: 'token_expired' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('that is put after its end is expired at once, and putting it again changes nothing', async () => {
    const expiresAt = stage.clock.now() - 1;
    expect(await put(expiresAt)).toMatchObject({ status: 'token_expired', statusReason: 'expired' });
    expect(await gates()).toEqual(['connection']);
    const { tenant: before } = await stage.storage.configuration.revision('acme');
    await stage.clock.advance(minute);
    await put(expiresAt);
    expect((await stage.storage.configuration.revision('acme')).tenant).toBe(before);
  });

  it('whose end is moved is used again, and is reminded of anew', async () => {
    await put(stage.clock.now() + day);
    await office.hub.work();
    expect(reminded(office)).toEqual([1]);
    await stage.clock.advance(day);
    await office.hub.work();
    expect(await main()).toMatchObject({ status: 'token_expired' });
    const expiresAt = stage.clock.now() + 3 * day;
    expect(await office.acme.connections.update('main', { expiresAt })).toMatchObject({
      status: 'active',
      statusReason: null,
      credentialExpiresAt: expiresAt,
    });
    expect(await gates()).toEqual([]);
    expect(office.noticesOf('connection.status_changed').at(-1)).toMatchObject({ to: 'active', reason: 'recovered' });
    await stage.clock.advance(minute);
    await office.hub.work();
    expect(reminded(office)).toEqual([1, 3]);
    expect(await office.acme.connections.update('main', { expiresAt: null })).toMatchObject({ credentialExpiresAt: null });
    await pass(4 * day, day, office);
    expect(await main()).toMatchObject({ status: 'active' });
  });

  it('is not brought back by a later end where the service has refused it', async () => {
    await put(stage.clock.now() + day);
    stage.valid.clear();
    await office.acme.connections.test('main');
    expect(await office.acme.connections.update('main', { expiresAt: stage.clock.now() + 9 * day })).toMatchObject({
      status: 'token_invalid',
    });
  });

  it('is brought back by a roll back with its own end, and not after it', async () => {
    const expiresAt = stage.clock.now() + day;
    await put(expiresAt);
    await office.acme.connections.rotate('main', { credential: bearer(tokens.second), overlapMs: 2 * day });
    expect(await main()).toMatchObject({ credentialExpiresAt: null });
    expect(await office.acme.connections.rollBack('main')).toMatchObject({ credentialExpiresAt: expiresAt });
    await office.acme.connections.rotate('main', { credential: bearer(tokens.second), overlapMs: 2 * day });
    await stage.clock.advance(day);
    await expect(office.acme.connections.rollBack('main')).rejects.toMatchObject({ code: 'credential_missing' });
  });

  it('says nothing any more once its connection has ended', async () => {
    await put(stage.clock.now() + 2 * day);
    await office.acme.connections.disconnect('main');
    expect(await main()).toMatchObject({ credentialExpiresAt: null });
    await pass(3 * day, day, office);
    expect(reminded(office)).toEqual([]);
    expect(await main()).toMatchObject({ status: 'disconnected' });
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 8_640_000_000_000_001, '2030-01-01', true])('%j is no end', async (end) => {
    // As plain JavaScript would hand it in.
    await expect(put(end as number)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await office.acme.connections.list()).toEqual([]);
  });

  it.each([[[1.5]], [[-1]], [[3_651]], [['1']], [Array(11).fill(1)], ['14']])('%j are no days for a reminder', (remindDays) => {
    // As plain JavaScript would hand it in.
    expect(() => stage.process({ remindDays: remindDays as never })).toThrow(/credentials\.remindDays/);
  });

  it('costs a store that is away nothing but time', async () => {
    await put(stage.clock.now() + day);
    let isAway = true;
    const { configuration } = stage.storage;
    const late = stage.process({
      storage: {
        ...stage.storage,
        configuration: {
          ...configuration,
          dueConnections: (request) => (isAway ? Promise.reject(new Error('away')) : configuration.dueConnections(request)),
        },
      },
    });
    await late.hub.work();
    expect(reminded(late)).toEqual([]);
    isAway = false;
    await pass(minute, minute, late);
    expect(reminded(late)).toEqual([1]);
  });
});

describe('an account that could not be used', () => {
  beforeEach(async () => {
    await office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.first) });
    stage.valid.set(tokens.first, 'locked');
    await office.acme.connections.test('main');
    stage.valid.set(tokens.first, 'A1');
  });

  it('is looked at again after a quarter of an hour, by one of all processes, and goes on by itself', async () => {
    const [one, two] = [stage.process(), stage.process()];
    const look = await office.call();
    await pass(14 * minute, minute, one, two);
    expect(await main()).toMatchObject({ status: 'error', statusReason: 'unhealthy' });
    await pass(minute, minute, one, two);
    expect(await main()).toMatchObject({ status: 'active', lastCheck: { healthy: true } });
    await pass(minute, minute, one, two);
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(stage.provider.requests.filter((request) => request.path.endsWith('/me'))).toHaveLength(2);
  });

  it('is looked at every quarter of an hour while it cannot, and while the service is away', async () => {
    stage.valid.set(tokens.first, 'locked');
    const looks = () => stage.provider.requests.filter((request) => request.path.endsWith('/me')).length;
    const before = looks();
    await pass(30 * minute, minute, office);
    expect(looks()).toBe(before + 2);
    stage.broken = 503;
    await pass(30 * minute, minute, office);
    expect(looks()).toBe(before + 4);
    expect(await main()).toMatchObject({ status: 'error' });
  });
});
