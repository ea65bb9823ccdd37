import type { Notices } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveStage, archiveStage, goodAnswer } from '../oauth/archive-stage.ts';
import { bearer, type RotationProcess, type RotationStage, rotationStage, tokens } from './rotation-stage.ts';

describe('every status is reached', () => {
  let stage: RotationStage;
  let office: RotationProcess;
  beforeEach(async () => {
    stage = await rotationStage();
    office = stage.process();
  });
  afterEach(() => stage.close());

  const day = 86_400_000;
  const put = (token: string = tokens.first, more: object = {}) =>
    office.acme.connections.put('main', { connector: 'depot', credential: bearer(token), ...more });

  /** How a connection that is active gets there, and the reason that it has then. */
  const ways: Readonly<Record<string, readonly [status: string, reason: string | null, go: () => Promise<unknown>]>> = {
    'by nothing': ['active', null, async () => undefined],
    'by its end': [
      'token_expired',
      'expired',
      async () => {
        await put(tokens.first, { expiresAt: stage.clock.now() + day });
        await stage.clock.advance(day);
        await office.hub.work();
      },
    ],
    'by a test that is refused': [
      'token_invalid',
      'refused',
      async () => {
        stage.valid.delete(tokens.first);
        await office.acme.connections.test('main');
      },
    ],
    'by an action that is refused': [
      'token_invalid',
      'refused',
      async () => {
        stage.valid.delete(tokens.first);
        await office.call();
        await office.hub.work();
      },
    ],
    'by an account that cannot be used': [
      'error',
      'unhealthy',
      async () => {
        stage.valid.set(tokens.first, 'locked');
        await office.acme.connections.test('main');
      },
    ],
    'by whoever disconnects it': ['disconnected', null, () => office.acme.connections.disconnect('main')],
  };

  it.each(Object.keys(ways))(
    '%s; what depends on it waits without an attempt, each move is recorded and told, and putting it again goes on',
    async (name) => {
      const [status, reason, go] = ways[name] ?? ['no status', null, async () => undefined];
      await put();
      await go();
      expect(await office.acme.connections.get('main')).toMatchObject({ status, statusReason: reason });
      const look = await office.call();
      await office.hub.work();
      const isActive = status === 'active';
      expect(await look()).toMatchObject(isActive ? { status: 'succeeded' } : { status: 'pending', attemptCount: 0 });
      expect((await stage.storage.gates.list('acme')).map((gate) => gate.reason)).toEqual(isActive ? [] : ['connection']);
      const recorded = (await office.acme.audit.list()).items.filter(({ object }) => object.type === 'connection');
      expect(recorded[0]).toMatchObject({ details: { status } });
      const told: readonly Notices['connection.status_changed'][] = office.noticesOf('connection.status_changed');
      expect(told.map(({ from, to }) => [from, to])).toEqual(isActive || status === 'disconnected' ? [] : [['active', status]]);
      if (isActive) return;
      await put(tokens.second);
      await stage.clock.advance(10_000);
      await office.hub.work();
      expect(await look()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
      expect(await office.acme.connections.get('main')).toMatchObject({ status: 'active', statusReason: null });
      expect(await stage.storage.gates.list('acme')).toEqual([]);
    },
  );
});

describe('a connection that somebody has begun to connect', () => {
  let stage: ArchiveStage;
  beforeEach(async () => {
    stage = await archiveStage();
  });
  afterEach(() => stage.close());

  it('is listed as initializing, is not used, and becomes active under the same id', async () => {
    const { acme, permit, complete } = stage.hub();
    const flow = await permit({ metadata: { color: 'red' } });
    const [begun] = await acme.connections.list({ status: 'initializing' });
    expect(begun).toMatchObject({ name: 'main', owner: 'user-1', metadata: { color: 'red' }, externalAccountId: null });
    expect(await acme.connections.test('main')).toMatchObject({ healthy: false, status: 'initializing' });
    const { connection } = await complete(flow);
    expect(connection).toMatchObject({ id: begun?.id, status: 'active' });
    expect(await acme.connections.list()).toHaveLength(1);
  });

  it('is gone at once where the person says no', async () => {
    const { acme, begin, comeBack } = stage.hub();
    const url = await begin();
    expect(await acme.connections.list()).toMatchObject([{ status: 'initializing' }]);
    await comeBack({ error: 'access_denied', state: url.searchParams.get('state') ?? '' });
    expect(await acme.connections.list()).toEqual([]);
  });

  it('is gone when the time of its flow is over, and not before', async () => {
    const { acme, begin, test } = stage.hub();
    await begin();
    await test.clock.advance(599_999);
    await test.hub.work();
    expect(await acme.connections.list()).toMatchObject([{ status: 'initializing' }]);
    await begin();
    await test.clock.advance(60_000);
    await test.hub.work();
    expect(await acme.connections.list()).toMatchObject([{ status: 'initializing' }]);
    await test.clock.advance(600_000);
    await test.hub.work();
    expect(await acme.connections.list()).toEqual([]);
  });

  it('stays as it is where it was connected before', async () => {
    const { acme, begin, permit, complete, test } = stage.hub();
    await complete(await permit());
    const before = await acme.connections.list();
    await begin();
    expect(await acme.connections.list()).toEqual(before);
    await acme.connections.disconnect('main');
    await begin();
    await test.clock.advance(700_000);
    await test.hub.work();
    expect(await acme.connections.list()).toMatchObject([{ status: 'disconnected' }]);
  });

  it('stays confined as it was while it waited, however often it is begun', async () => {
    const { acme, begin, permit, complete } = stage.hub();
    await begin();
    await acme.connections.update('main', { confinedTo: { cabinet: ['blue'] } });
    const { connection } = await complete(await permit());
    expect(connection).toMatchObject({ status: 'active', confinedTo: { cabinet: ['blue'] } });
  });

  it('stays confined where its flow has come to nothing before the next one', async () => {
    const { acme, begin, permit, complete } = stage.hub();
    const first = await permit();
    await begin();
    await acme.connections.update('main', { confinedTo: { cabinet: ['blue'] } });
    const flow = await permit();
    stage.answer(() => ({ status: 400, json: { error: 'invalid_grant' } }));
    await expect(complete(first)).rejects.toMatchObject({ code: 'connect_failed' });
    stage.answer(() => goodAnswer);
    expect((await complete(flow)).connection).toMatchObject({ status: 'active', confinedTo: { cabinet: ['blue'] } });
  });

  it('stays confined where the person who connects it comes at the last moment, and is completed after it', async () => {
    const { acme, begin, comeBack, complete, test } = stage.hub();
    const url = await begin();
    const { id } = await acme.connections.update('main', { confinedTo: { cabinet: ['blue'] } });
    await test.clock.advance(599_000);
    const back = await comeBack({ code: 'code-1', state: url.searchParams.get('state') ?? '' });
    await test.clock.advance(61_000);
    await test.hub.work();
    expect(await acme.connections.list()).toMatchObject([{ status: 'disconnected' }]);
    const { connection } = await complete(back.at?.searchParams.get('flow') ?? '');
    expect(connection).toMatchObject({ id, status: 'active', confinedTo: { cabinet: ['blue'] } });
    expect(await test.storage.gates.list('acme')).toEqual([]);
  });

  it('is gone in its time also where something is said of it', async () => {
    const { acme, begin, test } = stage.hub();
    await begin();
    await acme.connections.update('main', { expiresAt: test.clock.now() + 86_400_000 });
    await test.clock.advance(660_000);
    await test.hub.work();
    expect(await acme.connections.list()).toEqual([]);
  });

  it('says nothing of what another puts under its name', async () => {
    const { acme, begin } = stage.hub();
    await begin({ hostUser: 'mallory', metadata: { team: 'mallory' } });
    const put = await acme.connections.put('main', { connector: 'archive', credential: { type: 'oauth2', accessToken: 'token-1234' } });
    expect(put).toMatchObject({ status: 'active', owner: null, metadata: {} });
  });

  it('goes in its time also where somebody has changed it, and at once where its flow comes to nothing', async () => {
    const plans = { plans: [{ name: 'one', limits: { connections: 1 }, features: [] }], planOf: () => 'one' };
    const { acme, begin, permit, complete, test } = stage.hub({}, { plans });
    await begin();
    await acme.connections.update('main', { expiresAt: test.clock.now() + 86_400_000 });
    await test.clock.advance(600_000);
    await test.hub.work();
    expect(await acme.connections.list()).toEqual([]);
    const [first, second] = [await permit({ name: 'first' }), await permit({ name: 'second' })];
    await complete(first);
    await expect(complete(second)).rejects.toMatchObject({ code: 'plan_limit' });
    expect((await acme.connections.list()).map(({ name }) => name)).toEqual(['first']);
  });

  it('goes with its flow where somebody else came back: nobody fills the list by using up flows', async () => {
    const { acme, permit, complete } = stage.hub();
    for (let count = 0; count < 60; count += 1)
      await expect(complete(await permit({ name: `name-${count}` }), 'user-2')).rejects.toMatchObject({ code: 'connect_failed' });
    expect(await acme.connections.list()).toEqual([]);
  });

  it('holds no place of a plan', async () => {
    const plans = { plans: [{ name: 'one', limits: { connections: 1 }, features: [] }], planOf: () => 'one' };
    const { acme, permit, complete } = stage.hub({}, { plans });
    const [first, second] = [await permit({ name: 'first' }), await permit({ name: 'second' })];
    expect(await acme.plan.remaining('connections')).toBe(1);
    await complete(first);
    await expect(complete(second)).rejects.toMatchObject({ code: 'plan_limit' });
  });
});
