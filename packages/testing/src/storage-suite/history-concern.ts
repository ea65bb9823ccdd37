import type { HistoryPage, IngestItem, PageRequest } from '@patchbay/core/adapter';
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
