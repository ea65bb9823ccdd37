import type { Json } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shelfStage } from './shelves.ts';

let stage: Awaited<ReturnType<typeof shelfStage>>;
let others: (typeof stage)[];

const open = async (...given: Parameters<typeof shelfStage>) => {
  const made = await shelfStage(...given);
  others.push(made);
  return made;
};
const place = { connection: 'main', action: 'shelves.put_book' } as const;
const ask = (field: string, more: { search?: string; cursor?: string | null; input?: Record<string, Json>; connection?: string } = {}) =>
  stage.acme.actions.options({ ...place, field, ...more });
const values = async (...given: Parameters<typeof ask>) => (await ask(...given)).options.map(({ value }) => value);
const asked = () => stage.service.requests.length;

beforeEach(async () => {
  others = [];
  stage = await open();
});
afterEach(() => Promise.all(others.map(({ close }) => close())));

describe('options of a field', () => {
  it('come from the service a page at a time', async () => {
    const first = await ask('on.shelf');
    expect(first.options).toEqual([
      { value: 'a1', label: 'Shelf a1' },
      { value: 'b2', label: 'Shelf b2' },
    ]);
    const second = await ask('on.shelf', { cursor: first.cursor });
    expect(second).toEqual({ options: [{ value: 'c3', label: 'Shelf c3' }], cursor: null });
  });

  it('depend on what is filled in, and say what has to be filled in first', async () => {
    expect(await values('on.place', { input: { on: { shelf: 'b2' } } })).toEqual(['b2-1', 'b2-2']);
    await expect(ask('on.place', { input: { title: 'x' } })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: 'The options of on.place depend on on.shelf. Fill in on.shelf first.',
      details: { needs: 'on.shelf' },
    });
  });

  it('are searched by the service where it can, and by the hub where it cannot', async () => {
    expect(await values('by', { search: 'Gra' })).toEqual(['Grace']);
    expect(stage.service.requests.at(-1)?.path).toBe('/staff?named=Gra');
    expect(await values('on.shelf', { search: 'SHELF B' })).toEqual(['b2']);
  });

  it('are kept for half a minute, whatever is typed where the hub searches, and are asked for again then', async () => {
    await ask('on.shelf');
    await ask('on.shelf', { search: 'b2' });
    await stage.test.clock.advance(29_000);
    await ask('on.shelf');
    expect(asked()).toBe(1);
    stage.service.shelves.unshift('z9');
    await stage.test.clock.advance(2_000);
    expect(await values('on.shelf')).toEqual(['z9', 'a1']);
    await ask('by', { search: 'A' });
    await ask('by', { search: 'G' });
    expect(asked()).toBe(4);
  });

  it('are kept for no other tenant, connection or credential', async () => {
    await ask('on.shelf');
    const globex = stage.test.tenant('globex');
    await globex.connections.put('main', { connector: 'shelves', credential: stage.credential });
    await globex.actions.options({ ...place, field: 'on.shelf' });
    await stage.acme.connections.put('other', { connector: 'shelves', credential: stage.credential });
    await ask('on.shelf', { connection: 'other' });
    expect(asked()).toBe(3);
    await stage.acme.connections.put('main', { connector: 'shelves', credential: { type: 'bearer', token: 'wrong' } });
    await expect(ask('on.shelf')).rejects.toMatchObject({ code: 'authentication_failed' });
  });

  it('of a connection that has ended are not given, not even those that are kept', async () => {
    await ask('on.shelf');
    await stage.acme.connections.disconnect('main');
    await expect(ask('on.shelf')).rejects.toMatchObject({ code: 'credential_missing', sent: 'no' });
  });
});

describe('options are refused', () => {
  it('for fields and actions that have none, before anything is asked', async () => {
    await expect(ask('title')).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('These have: on.shelf'),
    });
    await expect(stage.acme.actions.options({ ...place, action: 'shelves.take_book', field: 'by' })).rejects.toMatchObject({
      code: 'unknown_action',
    });
    await expect(ask('by', { connection: 'nobodys' })).rejects.toMatchObject({ code: 'not_found' });
    expect(asked()).toBe(0);
  });

  it.each([
    { search: 'x'.repeat(201) },
    { cursor: 'not a cursor' },
    { cursor: 'x'.repeat(20_000) },
    { input: { title: 'x'.repeat(300_000) } },
  ])('with what is too long or no cursor: %#', async (more) => {
    await expect(ask('by', more)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(asked()).toBe(0);
  });

  it('where a scope is missing, the plan has no actions, or the action is turned off', async () => {
    await stage.acme.connections.put('narrow', { connector: 'shelves', credential: stage.credential, grantedScopes: ['other'] });
    const more = { connection: 'narrow', input: { on: { shelf: 'a1' } } };
    await expect(ask('on.place', more)).rejects.toMatchObject({ code: 'scope_missing', details: { missing: ['places:read'] } });
    await stage.acme.configuration.turnOff({ action: 'shelves.put_book' });
    await expect(ask('by')).rejects.toMatchObject({ code: 'turned_off' });
    const poor = await open({
      plans: { plans: [{ name: 'core', limits: { connections: 'unlimited' }, features: ['custom_connectors'] }], planOf: () => 'core' },
    });
    await expect(poor.acme.actions.options({ ...place, field: 'by' })).rejects.toMatchObject({ code: 'plan_limit' });
    expect([asked(), poor.service.requests.length]).toEqual([0, 0]);
  });

  it('while the connection is paused', async () => {
    await stage.acme.connections.pause('main');
    await expect(ask('by')).rejects.toMatchObject({ code: 'connection_paused', sent: 'no' });
    expect(asked()).toBe(0);
  });

  it('where the source takes longer than ten seconds', async () => {
    const slow = await open({}, { list: () => new Promise(() => {}) });
    const outcome = slow.acme.actions.options({ ...place, field: 'by' }).catch((error: unknown) => error);
    for (let seconds = 0; seconds < 15; seconds += 1) await slow.test.clock.advance(1_000);
    expect(await outcome).toMatchObject({ code: 'timeout', message: expect.stringContaining('10000 ms') });
  });
});

describe('a confined connection', () => {
  beforeEach(() =>
    stage.acme.connections.put('main', { connector: 'shelves', credential: stage.credential, confinedTo: { shelf: ['B2'] } }),
  );

  it('is offered only what it may touch', async () => {
    expect(await values('on.shelf')).toEqual(['b2']);
    expect(await values('on.place', { input: { on: { shelf: 'b2' } } })).toEqual(['b2-1', 'b2-2']);
  });

  it('asks for nothing of another, nor where it cannot be told', async () => {
    const refused = { code: 'resource_refused', sent: 'no' };
    await expect(ask('on.place', { input: { on: { shelf: 'a1' } } })).rejects.toMatchObject(refused);
    await expect(ask('by')).rejects.toMatchObject(refused);
    expect(asked()).toBe(0);
  });

  it('is not offered what was kept when it was not', async () => {
    await stage.acme.connections.put('main', { connector: 'shelves', credential: stage.credential, confinedTo: null });
    expect(await values('on.shelf')).toEqual(['a1', 'b2']);
    await stage.acme.connections.put('main', { connector: 'shelves', credential: stage.credential, confinedTo: { shelf: ['b2'] } });
    expect(await values('on.shelf')).toEqual(['b2']);
  });
});
