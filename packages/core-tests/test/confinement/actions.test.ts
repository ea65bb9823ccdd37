import type { Json } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LibraryStage, type LibraryTenant, libraryStage } from './library-stage.ts';

let stage: LibraryStage;
let office: ReturnType<LibraryStage['process']>;
let acme: LibraryTenant;

beforeEach(async () => {
  stage = await libraryStage();
  office = stage.process();
  acme = office.hub.tenant('acme');
});
afterEach(() => stage.close());

const credential = { type: 'bearer', token: 'tok-1234567890' } as const;

const confine = (confinedTo?: Record<string, readonly string[]> | null, tenant = acme) =>
  tenant.connections.put('main', { connector: 'library', credential, ...(confinedTo === undefined ? {} : { confinedTo }) });

/** Runs one action by an automation, whose input is not looked at before it is executed; what became of the dispatch. */
async function runOf(action: string, input: Record<string, Json>, tenant = acme) {
  await tenant.automations.put('one', {
    trigger: { manual: true },
    steps: [{ id: 'step', action: `library.${action}`, connection: 'main', input }],
  });
  await tenant.automations.run('one');
  await stage.settle(office.hub);
  const [dispatch] = (await tenant.dispatches.list()).items;
  return dispatch;
}

const poems = { shelf: ['Hall/Poems'] };

describe('an action of a confined connection', () => {
  it.each<[string, string, Record<string, Json>]>([
    ['names the resource', 'add_book', { hall: 'hall', shelf: 'poems', title: 'A' }],
    ['names it in other letters', 'add_book', { hall: 'HALL', shelf: 'Poems', title: 'A' }],
    ['names it twice', 'move_books', { from: ['hall/poems', 'hall/POEMS'], to: 'hall/poems' }],
    ['touches none of the kind', 'ring_bell', {}],
  ])('is sent where it %s', async (_, action, input) => {
    await confine(poems);
    expect(await runOf(action, input)).toMatchObject({ status: 'succeeded' });
    expect(stage.sent()).toEqual([input]);
  });

  it.each<[string, string, Record<string, Json>]>([
    ['names another', 'add_book', { hall: 'cellar', shelf: 'secrets', title: 'A' }],
    ['names another beside it', 'move_books', { from: 'hall/poems', to: 'cellar/secrets' }],
    ['names another in a list', 'move_books', { from: ['hall/poems', 'cellar/secrets'] }],
    ['names none in an empty list', 'move_books', { from: [], to: 'hall/poems' }],
    ['puts a slash into a part of the name', 'add_book', { hall: 'hall/poems', shelf: 'x', title: 'A' }],
    ['puts an encoded slash into it', 'add_book', { hall: 'hall%2Fpoems', shelf: 'x', title: 'A' }],
    ['climbs', 'move_books', { from: 'hall/poems/../../cellar/secrets' }],
    ['writes it with letters that only look like it', 'move_books', { from: 'hall/p\u043Eems' }],
    ['writes it with a letter that folds to it', 'move_books', { from: 'hall/poem\u017F' }],
    ['names one that its schema takes for another', 'dust', { shelf: 'hall/poems' }],
    ['may reach any', 'search', {}],
    ['says nothing of the kind', 'count_books', {}],
  ])('is refused before anything is sent where it %s', async (_, action, input) => {
    await confine(poems);
    const dispatch = await runOf(action, input);
    expect(dispatch).toMatchObject({
      status: 'dead',
      attempts: [{ outcome: 'failed', retryInMs: null }],
      error: { code: 'resource_refused', message: expect.stringContaining('shelf') },
    });
    expect(JSON.stringify(dispatch?.error)).not.toMatch(/cellar|secrets|poems/i);
    expect(office.executed).toMatchObject([{ result: 'failed', error: { code: 'resource_refused' } }]);
    expect(stage.provider.requests).toEqual([]);
  });

  it('is refused by what a template gives when it is executed', async () => {
    await confine(poems);
    await acme.automations.put('templated', {
      trigger: { manual: true },
      steps: [{ id: 'step', action: 'library.move_books', connection: 'main', input: { from: '{{ event.data.shelf }}' } }],
    });
    for (const shelf of ['hall/poems', 'cellar/secrets']) await acme.automations.run('templated', { shelf });
    await stage.settle(office.hub);
    expect(stage.sent()).toEqual([{ from: 'hall/poems' }]);
    expect((await acme.dispatches.list()).items.map(({ status }) => status).sort()).toEqual(['dead', 'succeeded']);
  });

  it('is refused to the host at once, and nothing is queued', async () => {
    await confine(poems);
    const call = (from: string) => acme.actions.execute('library.move_books', { connection: 'main', input: { from } });
    const refusal = { code: 'resource_refused', retryable: false, sent: 'no', details: { resource: 'shelf' } };
    await expect(call('cellar/secrets')).rejects.toMatchObject(refusal);
    expect((await acme.dispatches.list()).items).toEqual([]);
    await call('hall/poems');
    await stage.settle(office.hub);
    expect(stage.sent()).toEqual([{ from: 'hall/poems' }]);
  });

  it('is held to each kind that it is confined to', async () => {
    await confine({ ...poems, reader: ['17'] });
    const lend = (shelf: string, reader: number) => acme.actions.execute('library.lend', { connection: 'main', input: { shelf, reader } });
    await expect(lend('hall/poems', 18)).rejects.toMatchObject({ details: { resource: 'reader' } });
    await expect(lend('cellar/secrets', 17)).rejects.toMatchObject({ details: { resource: 'shelf' } });
    await lend('hall/poems', 17);
    await stage.settle(office.hub);
    expect(stage.sent()).toHaveLength(1);
  });

  it('is refused where the list is empty, and free where nothing is confined', async () => {
    await confine({ shelf: [] });
    expect(await runOf('move_books', { from: 'hall/poems' })).toMatchObject({ error: { code: 'resource_refused' } });
    await confine(null);
    expect(await runOf('count_books', {})).toMatchObject({ status: 'succeeded' });
  });
});

describe('a change of the confinement', () => {
  const changes: readonly [string, Record<string, readonly string[]> | null][] = [
    ['from nothing', null],
    ['from another', { shelf: ['hall/prose', 'hall/poems'] }],
  ];

  it.each(changes)('%s holds for what was planned before it and is executed afterwards', async (_, before) => {
    await confine(before);
    const { dispatchId } = await acme.actions.execute('library.move_books', { connection: 'main', input: { from: 'hall/poems' } });
    await acme.connections.update('main', { confinedTo: { shelf: ['cellar/secrets'] } });
    await stage.settle(office.hub);
    expect(await acme.dispatches.get(dispatchId)).toMatchObject({ status: 'dead', error: { code: 'resource_refused' } });
    expect(stage.provider.requests).toEqual([]);
  });

  it('holds in a process that has not heard of it, both ways, where the connection was confined before', async () => {
    await confine(poems);
    const worker = stage.process();
    await worker.hub.tenant('acme').actions.execute('library.move_books', { connection: 'main', input: { from: 'hall/poems' } });
    await stage.settle(worker.hub);
    for (const confinedTo of [{ shelf: ['hall/prose'] }, poems]) {
      await acme.connections.update('main', { confinedTo });
      await acme.automations.put('one', {
        trigger: { manual: true },
        steps: [{ id: 'step', action: 'library.move_books', connection: 'main', input: { from: 'hall/poems' } }],
      });
      await acme.automations.run('one');
      await worker.hub.work({ deadline: 1_000 });
    }
    expect(stage.sent()).toHaveLength(2);
    expect(worker.executed.map(({ result }) => result)).toEqual(['succeeded', 'failed', 'succeeded']);
  });

  it('lets a dead dispatch through when it is tried again', async () => {
    await confine({ shelf: ['hall/prose'] });
    const dead = await runOf('move_books', { from: 'hall/poems' });
    await acme.connections.update('main', { confinedTo: poems });
    await acme.dispatches.retry(dead?.id ?? '');
    await stage.settle(office.hub);
    expect(stage.sent()).toHaveLength(1);
  });

  it('touches no other tenant', async () => {
    const other = office.hub.tenant('other');
    await confine(undefined, other);
    await confine({ shelf: [] });
    expect(await runOf('move_books', { from: 'hall/poems' }, other)).toMatchObject({ status: 'succeeded' });
  });

  it('keeps a look away from what it no longer names, and leaves the lost answer to a person', async () => {
    await confine(null);
    stage.provider.failNext(1, { kind: 'reset', when: 'after_effect', match: /POST \/loans/ });
    const call = await acme.actions.execute('library.lend', { connection: 'main', input: { shelf: 'hall/poems', reader: 17 } });
    await office.hub.work({ deadline: 1_000 });
    const before = stage.provider.requests.length;
    await acme.connections.update('main', { confinedTo: { shelf: [] } });
    await stage.settle(office.hub);
    expect(await acme.dispatches.get(call.dispatchId)).toMatchObject({
      status: 'held',
      error: { code: 'outcome_unknown', message: expect.stringContaining('shelf') },
    });
    expect(stage.provider.requests).toHaveLength(before);
  });
});

describe('what a connection is confined to', () => {
  it('is told in one writing, stays through a new credential, and is lifted by a word of its own alone', async () => {
    expect((await confine()).confinedTo).toBeNull();
    expect((await confine({ shelf: ['Hall/Prose', 'hall/POEMS', 'hall/prose'] })).confinedTo).toEqual({
      shelf: ['hall/poems', 'hall/prose'],
    });
    const renewed = await acme.connections.put('main', { connector: 'library', credential: { type: 'bearer', token: 'another-token' } });
    expect(renewed.confinedTo).toEqual({ shelf: ['hall/poems', 'hall/prose'] });
    await acme.connections.disconnect('main');
    expect((await confine()).confinedTo).toEqual({ shelf: ['hall/poems', 'hall/prose'] });
    expect((await acme.connections.update('main', { owner: 'ada' })).confinedTo).toEqual({ shelf: ['hall/poems', 'hall/prose'] });
    expect((await acme.connections.update('main', { confinedTo: { shelf: ['hall/poems'] } })).confinedTo).toEqual({
      shelf: ['hall/poems'],
    });
    expect((await acme.connections.list()).map(({ confinedTo }) => confinedTo)).toEqual([{ shelf: ['hall/poems'] }]);
    expect((await acme.connections.update('main', { confinedTo: null })).confinedTo).toBeNull();
  });

  it.each<[string, Record<string, readonly string[]>]>([
    ['a kind that the connector does not have', { drawer: ['a'] }],
    ['a name that is none', { shelf: ['hall'] }],
    ['no kind', {}],
  ])('is refused for %s, and nothing changes', async (_, confinedTo) => {
    await confine(poems);
    await expect(acme.connections.update('main', { confinedTo })).rejects.toMatchObject({ code: 'invalid_argument' });
    await expect(confine(confinedTo)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect((await acme.connections.get('main')).confinedTo).toEqual({ shelf: ['hall/poems'] });
  });

  it('is recorded as a change, by kind and number, without a name', async () => {
    await confine(poems);
    await acme.connections.update('main', { confinedTo: { shelf: ['hall/poems', 'hall/prose'] } });
    await acme.connections.update('main', { confinedTo: null });
    const { items } = await acme.audit.list({ limit: 100 });
    const changes = items.filter(({ object }) => object.type === 'connection').map(({ details }) => details['confined']);
    expect(changes).toEqual([undefined, { shelf: 2 }, { shelf: 1 }]);
    expect(JSON.stringify(items)).not.toMatch(/poems|prose/);
  });
});
