import type { EventMark, IngestItem, RoutingPage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

const marked = (stage: Stage, overrides: Partial<IngestItem> = {}): IngestItem => stage.samples.item({ plan: null, ...overrides });

const claimMarks = (stage: Stage, limit = 10, holder = 'router-a') => stage.storage.claimMarks({ holder, limit, ttlMs: 30_000 });

/** A page with one dispatch per path. */
function page(stage: Stage, mark: EventMark, paths: readonly string[], overrides: Partial<RoutingPage> = {}): RoutingPage {
  const { key } = stage.samples.dispatch(mark.root);
  const from = overrides.from ?? 0;
  return {
    tenant: mark.tenant,
    root: mark.root,
    fence: mark.fence,
    revision: { hub: 0, tenant: 0 },
    from,
    to: from + paths.length,
    considered: [],
    runs: [],
    dispatches: paths.map((path) => stage.samples.dispatch(mark.root, { key: { ...key, path } })),
    last: true,
    ...overrides,
  };
}

async function oneMark(stage: Stage): Promise<EventMark> {
  await stage.storage.ingest([marked(stage)]);
  return only(await claimMarks(stage));
}

function marks(scenario: Scenario): void {
  scenario('keeps an event without a plan to be routed, and hands it over whole', async (stage) => {
    const item = marked(stage, { dedupe: { key: 'delivery-1', hash: null } });
    expect(await stage.storage.ingest([item])).toEqual([{ status: 'created', leased: [] }]);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    const mark = only(await claimMarks(stage));
    expect(mark).toMatchObject({ tenant: 'acme', root: item.root, routed: 0 });
    expect(mark.event).toEqual(await stage.storage.history.event('acme', item.root));
    expect(new Uint8Array(mark.event.data.bytes)).toEqual(item.event?.data.bytes);
  });

  scenario('leases marks oldest first, each to one router', async (stage) => {
    const items = Array.from({ length: 30 }, () => marked(stage));
    for (const item of items) await stage.storage.ingest([item]);
    const first = await claimMarks(stage, 10);
    expect(first.map((mark) => mark.root)).toEqual(items.slice(0, 10).map((item) => item.root));
    const racing = await Promise.all(Array.from({ length: 10 }, (_, index) => claimMarks(stage, 4, `router-${index}`)));
    const roots = [...first, ...racing.flat()].map((mark) => mark.root);
    expect(new Set(roots).size).toBe(roots.length);
    expect(roots.length).toBe(30);
    expect(await claimMarks(stage)).toEqual([]);
  });

  scenario('hands a mark to another router when its lease has expired, and fences the old one', async (stage) => {
    const old = await oneMark(stage);
    expect(await claimMarks(stage)).toEqual([]);
    await stage.advance(31_000);
    const successor = only(await claimMarks(stage, 10, 'router-b'));
    expect(successor.fence).toBeGreaterThan(old.fence);
    const verdicts = await stage.storage.recordRouting([page(stage, old, ['a']), page(stage, successor, ['b'])]);
    expect(statuses(verdicts)).toEqual(['fenced', 'done']);
    expect((await stage.storage.claim(stage.samples.claim())).map((dispatch) => dispatch.key.path)).toEqual(['b']);
  });

  scenario('has no mark for an event that was planned when it came', async (stage) => {
    await stage.storage.ingest([stage.samples.item()]);
    expect(await claimMarks(stage)).toEqual([]);
  });
}

function pages(scenario: Scenario): void {
  scenario('stores what was planned and takes the mark away', async (stage) => {
    const mark = await oneMark(stage);
    const run = stage.samples.run(mark.root);
    const considered = [{ automation: run.key.automation, version: 1, matched: true }];
    expect(statuses(await stage.storage.recordRouting([page(stage, mark, ['a', 'b'], { runs: [run], considered })]))).toEqual(['done']);
    expect(await stage.storage.claim(stage.samples.claim())).toHaveLength(2);
    expect(await stage.storage.history.run(run.key)).toMatchObject({ status: 'running', state: run.state });
    expect(await stage.storage.history.event(mark.tenant, mark.root)).toMatchObject({ considered });
    await stage.advance(31_000);
    expect(await claimMarks(stage)).toEqual([]);
    expect(await stage.storage.recordRouting([page(stage, mark, ['c'], { from: 2 })])).toEqual([{ status: 'fenced' }]);
  });

  scenario('goes on behind the last page, also in the hands of another router', async (stage) => {
    const mark = await oneMark(stage);
    const considered = (automation: string) => [{ automation, version: 1, matched: false }];
    const first = page(stage, mark, ['a', 'b'], { last: false, considered: considered('1') });
    expect(statuses(await stage.storage.recordRouting([first]))).toEqual(['done']);
    await stage.advance(31_000);
    const next = only(await claimMarks(stage, 10, 'router-b'));
    expect(next).toMatchObject({ routed: 2, event: { considered: considered('1') } });
    const rest = page(stage, next, ['c'], { from: 2, considered: considered('2') });
    expect(statuses(await stage.storage.recordRouting([rest]))).toEqual(['done']);
    expect((await stage.storage.claim(stage.samples.claim())).map((dispatch) => dispatch.key.path).sort()).toEqual(['a', 'b', 'c']);
    expect(await stage.storage.history.event(mark.tenant, mark.root)).toMatchObject({
      considered: [...considered('1'), ...considered('2')],
    });
  });

  scenario('refuses a page that does not go on where the last one ended', async (stage) => {
    const mark = await oneMark(stage);
    const verdicts = await stage.storage.recordRouting([page(stage, mark, ['x'], { from: 5 }), page(stage, mark, ['a'], { last: false })]);
    expect(statuses(verdicts)).toEqual(['stale', 'done']);
    expect(statuses(await stage.storage.recordRouting([page(stage, mark, ['y'], { from: 0, to: 3 })]))).toEqual(['stale']);
    expect((await stage.storage.claim(stage.samples.claim())).map((dispatch) => dispatch.key.path)).toEqual(['a']);
  });

  scenario('refuses a page that was planned with another configuration', async (stage) => {
    const mark = await oneMark(stage);
    const subscriber = {
      put: 'subscriber',
      id: 'subscriber-1',
      name: 'index',
      expect: 'absent',
      value: { name: 'index', pattern: '*' },
    } as const;
    await stage.storage.configuration.write('acme', [subscriber]);
    expect(statuses(await stage.storage.recordRouting([page(stage, mark, ['a'])]))).toEqual(['stale']);
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    const revision = await stage.storage.configuration.revision('acme');
    expect(statuses(await stage.storage.recordRouting([page(stage, mark, ['a'], { revision })]))).toEqual(['done']);
  });

  scenario('takes a page of 500 dispatches', async (stage) => {
    const mark = await oneMark(stage);
    const paths = Array.from({ length: 500 }, (_, index) => `target-${index}`);
    expect(statuses(await stage.storage.recordRouting([page(stage, mark, paths)]))).toEqual(['done']);
    expect(await stage.storage.claim(stage.samples.claim({ limit: 1_000 }))).toHaveLength(500);
  });

  scenario('knows nothing of a mark of another tenant', async (stage) => {
    const mark = await oneMark(stage);
    const foreign = page(stage, { ...mark, tenant: 'globex' }, []);
    expect(await stage.storage.recordRouting([foreign])).toEqual([{ status: 'fenced' }]);
  });

  scenario('leaves nothing of a malformed page', async (stage) => {
    const mark = await oneMark(stage);
    const good = page(stage, mark, ['a', 'b']);
    await expect(stage.storage.recordRouting([{ ...good, dispatches: [...good.dispatches, JSON.parse('null')] }])).rejects.toThrow();
    expect(await stage.storage.claim(stage.samples.claim())).toEqual([]);
    expect(statuses(await stage.storage.recordRouting([good]))).toEqual(['done']);
  });
}

/** What marks and routing pages promise: an event that waits to be routed is routed once. */
export function routingConcern(scenario: Scenario): void {
  describe('routing', () => {
    marks(scenario);
    pages(scenario);
  });
}
