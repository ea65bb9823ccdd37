import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bearer, type RotationProcess, type RotationStage, rotationStage, tokens } from './rotation-stage.ts';

let stage: RotationStage;
let office: RotationProcess;
const day = 86_400_000;

beforeEach(async () => {
  stage = await rotationStage();
  office = stage.process();
  await office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.first), grantedScopes: ['a'] });
});
afterEach(() => stage.close());

const held = async () => {
  const { id } = await office.acme.connections.get('main');
  return (await stage.storage.configuration.find('acme', 'credential', id))?.value;
};
const sendsWith = async (process = office) => {
  await process.call();
  await process.hub.work();
  return stage.used.at(-1);
};
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('rotating a credential', () => {
  it('asks the service with the new one, switches to it, and keeps the one before sealed for a day', async () => {
    const before = await held();
    const rotated = await office.acme.connections.rotate('main', { credential: bearer(tokens.second) });
    expect(rotated).toMatchObject({
      status: 'active',
      previousCredentialUntil: stage.clock.now() + day,
      credentialExpiresAt: null,
      grantedScopes: ['a'],
      lastCheck: { healthy: true, at: stage.clock.now() },
    });
    expect(stage.provider.requests).toHaveLength(1);
    expect(await held()).toMatchObject({ secretVersion: 2, previous: { kind: 'bearer', sealed: before?.sealed, secretVersion: 1 } });
    expect(JSON.stringify([rotated, await held()])).not.toMatch(/tok-[12]/);
    expect(await sendsWith()).toBe(tokens.second);
    expect(office.noticesOf('connection.credential_replaced')).toMatchObject([
      { by: 'rotation', previousUntil: stage.clock.now() + day, connectorId: 'depot' },
    ]);
  });

  it.each([
    ['that the service refuses', () => bearer('tok-0000000000'), 'authentication_failed', false],
    ['that belongs to another account', () => bearer(tokens.foreign), 'conflict', false],
    ['of an account that cannot be used', () => bearer(tokens.third), 'provider_rejected', false],
  ])('to one %s changes nothing', async (_, credential, code, retryable) => {
    stage.valid.set(tokens.third, 'locked');
    await office.acme.connections.test('main');
    const before = await held();
    const row = await office.acme.connections.get('main');
    expect(await caught(office.acme.connections.rotate('main', { credential: credential() }))).toMatchObject({ code, retryable });
    expect(await held()).toEqual(before);
    expect(await office.acme.connections.get('main')).toEqual(row);
    expect(await sendsWith()).toBe(tokens.first);
  });

  it('while the service is away changes nothing, and may be tried again; without a look it is done all the same', async () => {
    stage.broken = 503;
    const input = { credential: bearer(tokens.second) };
    expect(await caught(office.acme.connections.rotate('main', input))).toMatchObject({ code: 'provider_unavailable', retryable: true });
    expect(await held()).toMatchObject({ secretVersion: 1 });
    expect(await office.acme.connections.rotate('main', { ...input, check: false })).toMatchObject({ status: 'active', lastCheck: null });
    expect(await held()).toMatchObject({ secretVersion: 2, previous: { secretVersion: 1 } });
  });

  it('lets a call that is under way end with the one before', async () => {
    const look = await office.call();
    stage.onRequest = async (token) => {
      if (token !== tokens.first) return;
      stage.onRequest = async () => undefined;
      await office.acme.connections.rotate('main', { credential: bearer(tokens.second) });
    };
    await office.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(stage.used).toEqual([tokens.first]);
    expect(await sendsWith()).toBe(tokens.second);
  });

  it('lets a call that was refused meanwhile be tried with the new one', async () => {
    const look = await office.call();
    stage.onRequest = async (token) => {
      if (token !== tokens.first) return;
      stage.onRequest = async () => undefined;
      await office.acme.connections.rotate('main', { credential: bearer(tokens.second) });
      stage.valid.delete(tokens.first);
    };
    await office.hub.work();
    await stage.clock.advance(10_000);
    await office.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    expect(await office.acme.connections.get('main')).toMatchObject({ status: 'active' });
  });

  it('replaces nothing that another has put while it looked', async () => {
    stage.onRequest = async (token) => {
      if (token === tokens.second) await office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.third) });
    };
    expect(await caught(office.acme.connections.rotate('main', { credential: bearer(tokens.second) }))).toMatchObject({ code: 'conflict' });
    stage.onRequest = async () => undefined;
    expect(await sendsWith()).toBe(tokens.third);
  });

  it('keeps nothing of one that works no more, and opens its lane', async () => {
    stage.valid.delete(tokens.first);
    await office.acme.connections.test('main');
    const look = await office.call();
    expect(await office.acme.connections.rotate('main', { credential: bearer(tokens.second) })).toMatchObject({
      status: 'active',
      statusReason: null,
      previousCredentialUntil: null,
    });
    expect((await held())?.previous).toBeUndefined();
    await office.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(office.noticesOf('connection.status_changed').map(({ from, to }) => [from, to])).toEqual([
      ['active', 'token_invalid'],
      ['token_invalid', 'active'],
    ]);
  });

  it('without an overlap keeps nothing', async () => {
    expect(await office.acme.connections.rotate('main', { credential: bearer(tokens.second), overlapMs: 0 })).toMatchObject({
      previousCredentialUntil: null,
    });
    expect((await held())?.previous).toBeUndefined();
  });

  it.each([
    { overlapMs: -1 },
    { overlapMs: 30 * day + 1 },
    { overlapMs: 1.5 },
    { expiresAt: 1 },
    { expiresAt: 1.5 },
    { grantedScopes: [''] },
  ])('with %j is refused before anything is sent', async (more) => {
    const input = { credential: bearer(tokens.second), ...more };
    expect(await caught(office.acme.connections.rotate('main', input))).toMatchObject({ code: 'invalid_argument' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('is refused for kinds that the connector does not take, for OAuth, and for a connection that has ended', async () => {
    const { connections } = office.acme;
    const rotate = (credential: object) => caught(connections.rotate('main', { credential: credential as never }));
    expect(await rotate({ type: 'api_key', key: 'key-1234567890' })).toMatchObject({ code: 'credential_missing' });
    expect(await rotate({ type: 'oauth2', accessToken: tokens.second })).toMatchObject({ code: 'unsupported' });
    expect(await rotate({})).toMatchObject({ code: 'credential_missing' });
    await connections.disconnect('main');
    expect(await rotate(bearer(tokens.second))).toMatchObject({ code: 'credential_missing' });
    expect(await connections.get('main')).toMatchObject({ status: 'disconnected' });
  });

  it('is recorded, without a secret', async () => {
    await office.acme.connections.rotate('main', { credential: bearer(tokens.second) });
    await office.acme.connections.rollBack('main');
    const actions = (await office.acme.audit.list()).items.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['credential.rotate', 'credential.roll_back']));
    expect(JSON.stringify(await office.acme.audit.list())).not.toMatch(/tok-\d/);
  });
});

describe('the credential before', () => {
  const rotate = () =>
    office.acme.connections.rotate('main', { credential: bearer(tokens.second), grantedScopes: ['b'], overlapMs: 3 * 60_000 });

  it('is brought back while it is kept, with what was said of it; the last one is gone then', async () => {
    await rotate();
    expect(await office.acme.connections.rollBack('main')).toMatchObject({
      status: 'active',
      grantedScopes: ['a'],
      previousCredentialUntil: null,
    });
    expect(await held()).toMatchObject({ secretVersion: 3 });
    expect((await held())?.previous).toBeUndefined();
    expect(await sendsWith(stage.process())).toBe(tokens.first);
    expect(await caught(office.acme.connections.rollBack('main'))).toMatchObject({ code: 'credential_missing' });
    expect(office.noticesOf('connection.credential_replaced').map(({ by, previousUntil }) => [by, previousUntil])).toEqual([
      ['rotation', stage.clock.now() + 3 * 60_000],
      ['roll_back', null],
    ]);
  });

  it('is never used by itself: where the new one is refused, what depends on it waits until somebody rolls back', async () => {
    await rotate();
    stage.valid.delete(tokens.second);
    const look = await office.call();
    await office.hub.work();
    expect(stage.used).toEqual([tokens.second]);
    expect(await office.acme.connections.get('main')).toMatchObject({ status: 'token_invalid' });
    await office.acme.connections.rollBack('main');
    await stage.clock.advance(10_000);
    await office.hub.work();
    expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 2 });
  });

  it('is forgotten when its time is over, by the upkeep of one process', async () => {
    await rotate();
    await stage.clock.advance(3 * 60_000 - 1);
    const [one, two] = [stage.process(), stage.process()];
    await Promise.all([one.hub.work(), two.hub.work()]);
    expect((await held())?.previous).toBeDefined();
    await stage.clock.advance(60_000);
    const before = (await stage.storage.configuration.revision('acme')).tenant;
    await Promise.all([one.hub.work(), two.hub.work()]);
    expect((await held())?.previous).toBeUndefined();
    expect(await office.acme.connections.get('main')).toMatchObject({ status: 'active', previousCredentialUntil: null });
    expect((await stage.storage.configuration.revision('acme')).tenant).toBe(before + 1);
    expect(await sendsWith()).toBe(tokens.second);
  });

  it('is not brought back when its time is over, also before the upkeep has come', async () => {
    await rotate();
    await stage.clock.advance(3 * 60_000);
    expect((await held())?.previous).toBeDefined();
    expect(await caught(office.acme.connections.rollBack('main'))).toMatchObject({ code: 'credential_missing' });
  });

  it('goes with the connection, and with another credential that is put', async () => {
    await rotate();
    await office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.third) });
    expect((await held())?.previous).toBeUndefined();
    expect(await office.acme.connections.get('main')).toMatchObject({ previousCredentialUntil: null });
    await office.acme.connections.rotate('main', { credential: bearer(tokens.second) });
    await office.acme.connections.disconnect('main');
    expect(await held()).toBeUndefined();
    expect(await office.acme.connections.get('main')).toMatchObject({ status: 'disconnected', previousCredentialUntil: null });
  });

  it('stays where the same credential is put with other words', async () => {
    await rotate();
    await office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.second), owner: 'ada' });
    await office.acme.connections.update('main', { metadata: { a: 1 } });
    await office.acme.connections.rollBack('main');
    expect(await sendsWith()).toBe(tokens.first);
  });

  it('goes where other settings are put, which could send it elsewhere', async () => {
    await rotate();
    await office.acme.connections.put('main', { connector: 'depot', credential: bearer(tokens.second), settings: { label: 'other' } });
    expect((await held())?.previous).toBeUndefined();
    expect(await office.acme.connections.get('main')).toMatchObject({ previousCredentialUntil: null });
  });

  it('is sealed anew with the rest, and can be opened then', async () => {
    await office.acme.connections.rotate('main', { credential: bearer(tokens.second) });
    const before = await held();
    await office.acme.vault.rotate();
    expect(await office.acme.vault.rewrap()).toMatchObject({ unreadable: 0, cursor: null });
    expect((await held())?.previous?.sealed).not.toBe(before?.previous?.sealed);
    await stage.clock.advance(300_000);
    await office.acme.vault.setMinDecryptVersion(2);
    await office.acme.connections.rollBack('main');
    expect(await sendsWith()).toBe(tokens.first);
  });

  it('opens no more once the keys are shredded', async () => {
    await rotate();
    await office.acme.vault.shred({ tenant: 'acme' });
    expect(await caught(office.acme.connections.rollBack('main'))).toMatchObject({ code: 'vault_key_destroyed' });
  });
});

describe('putting a connection with a look first', () => {
  const put = (token: string, more: object = {}) =>
    office.acme.connections.put('checked', { connector: 'depot', credential: bearer(token), check: true, ...more });

  it('stores what works, with its account', async () => {
    expect(await put(tokens.second)).toMatchObject({
      status: 'active',
      externalAccountId: 'A1',
      externalAccountName: 'Account A1',
      lastCheck: { healthy: true },
    });
    const before = (await stage.storage.configuration.revision('acme')).tenant;
    await stage.clock.advance(120_000);
    await put(tokens.second);
    expect((await stage.storage.configuration.revision('acme')).tenant).toBe(before);
  });

  it('stores nothing of what is refused, or belongs to another account', async () => {
    expect(await caught(put('tok-0000000000'))).toMatchObject({ code: 'authentication_failed' });
    expect(await caught(put(tokens.second, { externalAccount: { id: 'A2' } }))).toMatchObject({ code: 'conflict' });
    expect(await office.acme.connections.list()).toHaveLength(1);
    await put(tokens.second);
    expect(await caught(put(tokens.foreign))).toMatchObject({ code: 'conflict' });
    expect(await office.acme.connections.get('checked')).toMatchObject({ externalAccountId: 'A1' });
  });
});
