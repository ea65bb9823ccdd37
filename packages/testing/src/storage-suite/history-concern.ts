import type { EventFilter, HistoryPage, IngestItem, PageRequest } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage } from './stage.ts';

async function allPages<Item>(
  read: (page: PageRequest) => Promise<HistoryPage<Item>>,
  limit: number,
  between?: () => Promise<unknown>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: HistoryPage<Item> = await read({ cursor, limit });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.cursor;
    await between?.();
  } while (cursor !== null);
  return items;
}

const everything: PageRequest = { cursor: null, limit: 500 };

/** An event with several dispatches. */
function broad(stage: Stage, count: number): IngestItem {
  const root = stage.samples.newId();
  const { key } = stage.samples.dispatch(root);
  const dispatches = Array.from({ length: count }, (_, index) => stage.samples.dispatch(root, { key: { ...key, path: `p-${index}` } }));
  return stage.samples.item({ root, plan: stage.samples.plan({ dispatches }) });
}

function paging(scenario: Scenario): void {
  scenario('pages through events newest first, stable while rows come in', async (stage) => {
    const items = Array.from({ length: 25 }, () => stage.samples.item());
    for (const item of items) await stage.storage.ingest([item]);
    const found = await allPages(
      (page) => stage.storage.history.events('acme', {}, page),
      4,
      () => stage.storage.ingest([stage.samples.item(), stage.samples.item()]),
    );
    expect(found.map((event) => event.id)).toEqual(items.map((item) => item.root).reverse());
  });

  scenario('pages through dispatches and runs, each once, while rows come in', async (stage) => {
    const items = [broad(stage, 7), broad(stage, 5), stage.samples.automated(stage.samples.newId()), broad(stage, 6)];
    for (const item of items) await stage.storage.ingest([item]);
    for (let index = 0; index < 5; index += 1) await stage.storage.ingest([stage.samples.automated(stage.samples.newId())]);
    const more = () => stage.storage.ingest([stage.samples.automated(stage.samples.newId())]);
    const before = (await stage.storage.history.dispatches('acme', {}, everything)).items.map((dispatch) => JSON.stringify(dispatch.key));
    expect(before).toHaveLength(24);
    const found = await allPages((page) => stage.storage.history.dispatches('acme', {}, page), 3, more);
    expect(found.map((dispatch) => JSON.stringify(dispatch.key))).toEqual(before);
    const runsBefore = (await stage.storage.history.runs('acme', {}, everything)).items.map((run) => JSON.stringify(run.key));
    const runs = await allPages((page) => stage.storage.history.runs('acme', {}, page), 2, more);
    expect(runs.map((run) => JSON.stringify(run.key))).toEqual(runsBefore);
    expect(new Set(runsBefore).size).toBe(runsBefore.length);
  });

  scenario('pages oldest first where it is asked to, also over what comes in meanwhile', async (stage) => {
    const { history } = stage.storage;
    for (const count of [3, 5]) await stage.storage.ingest([broad(stage, count)]);
    for (let index = 0; index < 4; index += 1) await stage.storage.ingest([stage.samples.automated(stage.samples.newId())]);
    const newest = {
      events: (await history.events('acme', {}, everything)).items.map(({ id }) => id),
      runs: (await history.runs('acme', {}, everything)).items.map(({ key }) => JSON.stringify(key)),
      dispatches: (await history.dispatches('acme', {}, everything)).items.map(({ key }) => JSON.stringify(key)),
    };
    const oldest = { ...everything, order: 'oldest' } as const;
    const forward = <Item>(read: (page: PageRequest) => Promise<HistoryPage<Item>>, between?: () => Promise<unknown>) =>
      allPages((page) => read({ ...page, order: 'oldest' }), 2, between);
    expect((await history.events('acme', {}, oldest)).items.map(({ id }) => id)).toEqual(newest.events.toReversed());
    expect((await forward((page) => history.runs('acme', {}, page))).map(({ key }) => JSON.stringify(key))).toEqual(
      newest.runs.toReversed(),
    );
    const dispatches = await forward((page) => history.dispatches('acme', {}, page));
    expect(dispatches.map(({ key }) => JSON.stringify(key))).toEqual(newest.dispatches.toReversed());
    let coming = 2;
    const events = await forward(
      (page) => history.events('acme', {}, page),
      async () => (coming-- > 0 ? stage.storage.ingest([stage.samples.item()]) : []),
    );
    expect(events.map(({ id }) => id).slice(0, 6)).toEqual(newest.events.toReversed());
    expect(events).toHaveLength(8);
  });

  scenario('has no cursor behind the last item, also when the page is just full', async (stage) => {
    for (let index = 0; index < 4; index += 1) await stage.storage.ingest([stage.samples.item()]);
    expect((await allPages((page) => stage.storage.history.events('acme', {}, page), 2)).length).toBe(4);
    expect((await stage.storage.history.events('acme', {}, { cursor: null, limit: 4 })).cursor).toBeNull();
    expect(await stage.storage.history.events('globex', {}, everything)).toEqual({ items: [], cursor: null });
  });
}

function filters(scenario: Scenario): void {
  scenario('selects events by type', async (stage) => {
    const [one, other] = [stage.samples.item(), stage.samples.item()];
    const typed = { ...other, event: stage.samples.event({ id: other.root, type: 'jira.issue.created' }) };
    await stage.storage.ingest([one, typed]);
    const found = await stage.storage.history.events('acme', { type: 'jira.issue.created' }, everything);
    expect(found.items.map((event) => event.id)).toEqual([other.root]);
  });

  scenario('selects events by the beginning of their type, as it is written', async (stage) => {
    const types = [
      'github.issue.opened',
      'github.issue.closed',
      'github.issues',
      'jira.issue.opened',
      'github_issue.opened',
      'GitHub.issue.x',
    ];
    const items = types.map((type) => {
      const root = stage.samples.newId();
      return stage.samples.item({ root, event: stage.samples.event({ id: root, type }) });
    });
    for (const item of items) await stage.storage.ingest([item]);
    const select = async (typePrefix: string) =>
      (await stage.storage.history.events('acme', { typePrefix }, everything)).items.map(({ type }) => type).toReversed();
    expect(await select('github.issue.')).toEqual(['github.issue.opened', 'github.issue.closed']);
    expect(await select('github_')).toEqual(['github_issue.opened']);
    expect(await select('%')).toEqual([]);
    expect(await select('')).toEqual(types);
  });

  scenario('selects events by their ids and by when they were stored, the end left out', async (stage) => {
    const { history } = stage.storage;
    const items = Array.from({ length: 4 }, () => stage.samples.item());
    const stored: number[] = [];
    for (const item of items) {
      await stage.storage.ingest([item]);
      stored.push((await history.event('acme', item.root))?.storedAt ?? 0);
      await stage.advance(1_000);
    }
    const ids = items.map(({ root }) => root);
    const select = async (filter: EventFilter, limit = 1) =>
      (await allPages((page) => history.events('acme', filter, page), limit)).map(({ id }) => ids.indexOf(id)).toReversed();
    expect(await select({ from: ids[1] ?? '' })).toEqual([1, 2, 3]);
    expect(await select({ from: ids[1] ?? '', below: ids[3] ?? '' })).toEqual([1, 2]);
    expect(await select({ storedFrom: stored[2] ?? 0 })).toEqual([2, 3]);
    expect(await select({ storedFrom: stored[1] ?? 0, storedBefore: stored[3] ?? 0 })).toEqual([1, 2]);
    expect(await select({ below: ids[2] ?? '', storedFrom: stored[1] ?? 0, type: 'github.issue.opened' })).toEqual([1]);
    expect(await select({ below: ids[0] ?? '' })).toEqual([]);
    const oldest = await allPages(
      (page) => history.events('acme', { from: ids[1] ?? '', below: ids[3] ?? '' }, { ...page, order: 'oldest' }),
      1,
    );
    expect(oldest.map(({ id }) => ids.indexOf(id))).toEqual([1, 2]);
  });

  scenario('knows which events still wait to be routed', async (stage) => {
    const { storage, samples } = stage;
    const [planned, waiting] = [samples.item(), samples.item({ plan: null })];
    await storage.ingest([planned, waiting]);
    const roots = [planned.root, waiting.root, samples.newId(), 'no id'];
    expect(await storage.history.unrouted('acme', roots)).toEqual([waiting.root]);
    expect(await storage.history.unrouted('globex', roots)).toEqual([]);
    expect(await storage.history.unrouted('acme', [])).toEqual([]);
    const mark = only(await storage.claimMarks({ holder: 'router', limit: 10, ttlMs: 30_000 }));
    const page = { tenant: 'acme', root: mark.root, fence: mark.fence, revision: { hub: 0, tenant: 0 }, from: 0, to: 1 };
    await storage.recordRouting([{ ...page, considered: [], runs: [], dispatches: [], last: false }]);
    expect(await storage.history.unrouted('acme', roots)).toEqual([waiting.root]);
    await storage.recordRouting([{ ...page, from: 1, to: 2, considered: [], runs: [], dispatches: [], last: true }]);
    expect(await storage.history.unrouted('acme', roots)).toEqual([]);
  });

  scenario('selects dispatches by root, target, replay and status, open and ended alike', async (stage) => {
    const { samples, storage } = stage;
    const dispatch = await stage.takeOne(samples.item());
    await storage.settle([samples.settle(dispatch, { to: 'dead' })]);
    const root = samples.newId();
    const { key } = samples.dispatch(root);
    const replays = [0, 1].map((replay) => samples.dispatch(root, { key: { ...key, target: 'subscriber:other', replay } }));
    await storage.ingest([samples.call(root, replays)]);
    const select = async (filter: Parameters<typeof storage.history.dispatches>[1]) =>
      (await storage.history.dispatches('acme', filter, everything)).items;
    expect(await select({})).toHaveLength(3);
    expect(only(await select({ status: 'dead' })).key).toEqual(dispatch.key);
    expect(await select({ status: 'dead', target: 'subscriber:other' })).toEqual([]);
    expect(only(await select({ status: 'dead', root: dispatch.key.root, target: dispatch.key.target, replay: 0 })).status).toBe('dead');
    expect(only(await select({ root: dispatch.key.root })).key).toEqual(dispatch.key);
    expect(await select({ target: 'subscriber:other' })).toHaveLength(2);
    expect(only(await select({ root, target: 'subscriber:other', replay: 1, status: 'pending' })).key.replay).toBe(1);
    expect(await select({ root, status: 'dead' })).toEqual([]);
  });

  scenario('selects runs by root, automation and status', async (stage) => {
    const { samples, storage } = stage;
    const [one, two] = [samples.automated(samples.newId()), samples.automated(samples.newId())];
    const dispatch = await stage.takeOne(one);
    await storage.ingest([two]);
    if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
    await storage.settle([
      samples.settle(dispatch, { to: 'succeeded', output: null }, { run: samples.change(dispatch.run, { status: 'succeeded' }) }),
    ]);
    const select = async (filter: Parameters<typeof storage.history.runs>[1]) =>
      (await storage.history.runs('acme', filter, everything)).items;
    expect(await select({})).toHaveLength(2);
    expect(only(await select({ status: 'succeeded' })).key).toEqual(dispatch.run.key);
    expect(only(await select({ status: 'running' })).key.root).toBe(two.root);
    expect(only(await select({ root: two.root })).key.root).toBe(two.root);
    expect(only(await select({ automation: dispatch.run.key.automation })).key).toEqual(dispatch.run.key);
  });

  scenario('knows the last replay of a target', async (stage) => {
    const { samples, storage } = stage;
    const item = samples.automated(samples.newId());
    const [run] = item.plan?.runs ?? [];
    if (run === undefined) throw new Error('The sample has a run.');
    const target = `automation:${run.key.automation}`;
    await storage.ingest([item]);
    const again = samples.plan({ runs: [{ ...run, key: { ...run.key, replay: 3 } }], dispatches: [samples.dispatch(item.root)] });
    await storage.ingest([{ ...item, event: null, dedupe: { key: 'replay', hash: null }, plan: again }]);
    expect(await storage.history.lastReplay('acme', item.root, target)).toBe(3);
    expect(await storage.history.lastReplay('acme', item.root, 'subscriber:search-index')).toBe(0);
    expect(await storage.history.lastReplay('acme', item.root, 'subscriber:other')).toBe(-1);
    expect(await storage.history.lastReplay('globex', item.root, target)).toBe(-1);
  });
}

/** What history promises: everything is found, nothing of another tenant, pages stand still. */
export function historyConcern(scenario: Scenario): void {
  describe('history', () => {
    paging(scenario);
    filters(scenario);

    scenario('shows nothing of one tenant to another', async (stage) => {
      const { history } = stage.storage;
      const dispatch = await stage.takeOne(stage.samples.automated(stage.samples.newId()));
      await stage.storage.settle([stage.samples.settle(dispatch, { to: 'dead' })]);
      const { key, run } = dispatch;
      if (run === null) throw new Error('The claim did not hand over the run.');
      const foreign = { ...key, tenant: 'globex' };
      expect(await history.event('globex', key.root)).toBeNull();
      expect(await history.run({ ...run.key, tenant: 'globex' })).toBeNull();
      expect(await history.dispatch(foreign)).toBeNull();
      expect(await history.attempts(foreign)).toEqual([]);
      const empty = { items: [], cursor: null };
      expect(await history.runs('globex', { root: key.root }, everything)).toEqual(empty);
      expect(await history.dispatches('globex', { root: key.root }, everything)).toEqual(empty);
    });

    scenario('has no event for a direct call, and its dispatches all the same', async (stage) => {
      const root = stage.samples.newId();
      await stage.storage.ingest([stage.samples.call(root)]);
      expect(await stage.storage.history.event('acme', root)).toBeNull();
      expect((await stage.storage.history.dispatches('acme', { root }, everything)).items).toHaveLength(1);
    });
  });
}
