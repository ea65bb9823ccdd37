import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { createConfigurationCache } from './create-configuration-cache.ts';

function setUp(maximumTenants?: number) {
  const clock = createManualClock();
  const revisions = new Map<string, number>();
  const calls = { revision: 0, snapshot: 0, changes: 0 };
  let remembers = false;
  let gate: Promise<void> | undefined;
  const revisionOf = (tenant: string) => ({ hub: revisions.get('') ?? 0, tenant: revisions.get(tenant) ?? 0 });
  const store = {
    async revision(tenant: string) {
      calls.revision += 1;
      const now = revisionOf(tenant);
      await gate;
      return now;
    },
    async snapshot(tenant: string) {
      const now = revisionOf(tenant);
      if (tenant !== '') {
        calls.snapshot += 1;
        await gate;
      }
      return { revision: now, rows: {} };
    },
    async changes(tenant: string) {
      if (!remembers) return null;
      calls.changes += 1;
      return { revision: revisionOf(tenant), rows: {}, gone: [] };
    },
  };
  const cache = createConfigurationCache({ store, clock, ...(maximumTenants === undefined ? {} : { maximumTenants }) });
  const change = (tenant = 'acme') => revisions.set(tenant, (revisions.get(tenant) ?? 0) + 1);
  const hold = () => {
    const held = Promise.withResolvers<void>();
    gate = held.promise;
    return () => {
      gate = undefined;
      held.resolve();
    };
  };
  const remember = () => {
    remembers = true;
  };
  return { clock, cache, calls, change, hold, remember };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('read', () => {
  it('loads a tenant once, however many ask, and then not again', async () => {
    const { cache, calls } = setUp();
    expect(cache.peek('acme')).toBeUndefined();
    await Promise.all(Array.from({ length: 100 }, () => cache.read('acme')));
    await cache.read('acme');
    expect(calls).toMatchObject({ revision: 0, snapshot: 1 });
    expect(cache.peek('acme')?.revision).toEqual({ hub: 0, tenant: 0 });
  });

  it('asked for a fresh one gives one that was read after the call, also while another is on its way', async () => {
    const { cache, change, hold } = setUp();
    const release = hold();
    const early = cache.read('acme');
    await turn();
    change();
    const fresh = Array.from({ length: 50 }, () => cache.read('acme', { fresh: true }));
    release();
    expect((await early).revision.tenant).toBe(0);
    expect((await Promise.all(fresh)).map(({ revision }) => revision.tenant)).toEqual(Array(50).fill(1));
    expect(cache.peek('acme')?.revision.tenant).toBe(1);
  });

  it('does not put back what was forgotten while it was read', async () => {
    const { cache, change, hold } = setUp();
    const release = hold();
    const early = cache.read('acme');
    await turn();
    change();
    cache.forget('acme');
    const later = cache.read('acme');
    release();
    await early;
    expect((await later).revision.tenant).toBe(1);
    expect(cache.peek('acme')?.revision.tenant).toBe(1);
  });

  it('reads the hub and the tenant until both are of one revision', async () => {
    const { cache, change } = setUp();
    const configuration = cache.read('acme');
    change('');
    expect((await configuration).revision.hub).toBe(1);
  });

  it('keeps the tenants that are read, and lets go of the one longest unread', async () => {
    const { cache, calls } = setUp(3);
    for (const tenant of ['a', 'b', 'c']) await cache.read(tenant);
    cache.peek('a');
    await cache.read('d');
    expect(['a', 'b', 'c', 'd'].map((tenant) => cache.peek(tenant) !== undefined)).toEqual([true, false, true, true]);
    expect(calls.snapshot).toBe(4);
  });
});

describe('what has changed', () => {
  it('is read alone where the store remembers it, also after a change made here', async () => {
    const { cache, calls, change, remember } = setUp();
    await cache.read('acme');
    remember();
    change();
    expect((await cache.read('acme', { fresh: true })).revision.tenant).toBe(1);
    change();
    cache.forget('acme');
    expect(cache.peek('acme')).toBeUndefined();
    expect((await cache.read('acme')).revision.tenant).toBe(2);
    expect([calls.snapshot, calls.changes]).toEqual([1, 2]);
  });

  it('of the hub is read with all the rest', async () => {
    const { cache, calls, change, remember } = setUp();
    await cache.read('acme');
    remember();
    change('');
    expect((await cache.read('acme', { fresh: true })).revision).toEqual({ hub: 1, tenant: 0 });
    expect(calls.snapshot).toBe(2);
  });
});

describe('recent', () => {
  it('asks for the revision once the last look is older than it may be, and reads only what has changed', async () => {
    const { cache, calls, clock, change } = setUp();
    await cache.recent('acme', 1_000);
    clock.advance(999);
    await cache.recent('acme', 1_000);
    expect(calls).toMatchObject({ revision: 0, snapshot: 1 });
    clock.advance(1);
    await Promise.all(Array.from({ length: 20 }, () => cache.recent('acme', 1_000)));
    expect(calls).toMatchObject({ revision: 1, snapshot: 1 });
    change();
    clock.advance(1_000);
    expect((await cache.recent('acme', 1_000)).revision.tenant).toBe(1);
    expect(calls).toMatchObject({ revision: 2, snapshot: 2 });
    change();
    expect((await cache.recent('acme', 0)).revision.tenant).toBe(2);
  });

  it('shares no look that began before what is asked for', async () => {
    const { cache, clock, change, hold } = setUp();
    await cache.read('acme');
    clock.advance(5_000);
    const release = hold();
    const early = cache.recent('acme', 1_000);
    await turn();
    change();
    clock.advance(100);
    const late = [cache.recent('acme', 0), cache.recent('acme', 99), cache.recent('acme', 100)];
    await turn();
    release();
    expect((await early).revision.tenant).toBe(0);
    expect((await Promise.all(late)).map(({ revision }) => revision.tenant)).toEqual([1, 1, 0]);
  });
});

describe('current', () => {
  it('always asks, shares a look with those who come under way, and takes none of what strangers may bring about', async () => {
    const { cache, calls, change } = setUp();
    await cache.read('acme');
    for (let times = 0; times < 20; times += 1) await cache.current('acme');
    expect(calls.revision).toBe(20);
    await Promise.all(Array.from({ length: 20 }, () => cache.current('acme')));
    expect(calls.revision).toBeLessThanOrEqual(22);
    expect(await cache.refresh('acme')).not.toBeNull();
    change();
    expect((await cache.current('acme')).revision.tenant).toBe(1);
  });

  it('sees a change that was made while a look of somebody else was under way', async () => {
    const { cache, change, hold } = setUp();
    await cache.read('acme');
    const release = hold();
    const early = cache.current('acme');
    await turn();
    change();
    const late = cache.current('acme');
    release();
    expect([(await early).revision.tenant, (await late).revision.tenant]).toEqual([0, 1]);
  });
});

describe('refresh', () => {
  it('sees a change of a moment ago', async () => {
    const { cache, change } = setUp();
    await cache.read('acme');
    change();
    expect((await cache.refresh('acme'))?.revision.tenant).toBe(1);
    change('');
    expect((await cache.refresh('acme'))?.revision.hub).toBe(1);
  });

  it('sees a change that was made while a look of somebody else was under way', async () => {
    const { cache, change, hold } = setUp();
    await cache.read('acme');
    const release = hold();
    const early = cache.refresh('acme');
    await turn();
    change();
    const late = cache.refresh('acme');
    release();
    expect((await early)?.revision.tenant).toBe(0);
    expect((await late)?.revision.tenant).toBe(1);
  });

  it('asks the store ten times a second at most, however many strangers there are', async () => {
    const { cache, calls, clock } = setUp();
    await cache.read('acme');
    for (let times = 0; times < 100; times += 1) await cache.refresh('acme');
    expect(calls.revision).toBe(10);
    expect(await cache.refresh('acme')).toBeNull();
    clock.advance(1_000);
    expect(await cache.refresh('acme')).not.toBeNull();
    expect(calls.revision).toBe(11);
  });

  it('shares one look among all who come before it begins', async () => {
    const { cache, calls } = setUp();
    await cache.read('acme');
    await Promise.all(Array.from({ length: 1_000 }, () => cache.refresh('acme')));
    expect(calls.revision).toBeLessThanOrEqual(2);
  });
});

it('a configuration cannot be changed by those it is handed to', async () => {
  const settings = { site: 'acme', nested: { list: ['a'] } };
  const value = {
    connector: 'jira',
    name: 'main',
    status: 'active' as const,
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings,
    metadata: {},
    secretVersion: 1,
    connectedAt: 0,
  };
  const row = { id: 'c1', name: 'jira/main', version: 1, updatedAt: 0, value };
  const store = {
    revision: async () => ({ hub: 0, tenant: 0 }),
    snapshot: async (tenant: string) => ({ revision: { hub: 0, tenant: 0 }, rows: tenant === '' ? {} : { connection: [row] } }),
    changes: async () => null,
  };
  const configuration = await createConfigurationCache({ store, clock: createManualClock() }).read('acme');
  const handed = configuration.connection('c1')?.value.settings;
  expect(() => Object.assign(handed ?? {}, { site: 'evil' })).toThrow(TypeError);
  expect(() => settings.nested.list.push('b')).toThrow(TypeError);
  expect(configuration.connectionNamed('jira', 'main')?.value.settings['site']).toBe('acme');
});
