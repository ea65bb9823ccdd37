import { uuidGenerator } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { automation } from './ordered-runs.ts';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

const day = 86_400_000;

/** Makes ids whose time is the store's: they say how old a tree is. */
async function idsOfStore({ storage }: Stage): Promise<() => string> {
  const now = await storage.now();
  return uuidGenerator({ now: () => now }, (bytes) => crypto.getRandomValues(bytes));
}

/** An event with a run, taken to its end, and all that the history then says of it. */
async function ended(stage: Stage, root: string): Promise<() => Promise<unknown[]>> {
  const { storage, samples } = stage;
  const { key, run } = await stage.takeOne(samples.automated(root)).then(async (dispatch) => {
    const change = dispatch.run && samples.change(dispatch.run, { status: 'succeeded' });
    const item = samples.settle(dispatch, { to: 'succeeded', output: '{}' }, { run: change });
    expect(statuses(await storage.settle([item]))).toEqual(['settled']);
    return dispatch;
  });
  if (run === null) throw new Error('The claim did not hand over the run.');
  return async () => {
    const { history } = storage;
    const single = [await history.event(key.tenant, root), await history.run(run.key), await history.dispatch(key)];
    return [...single, ...(await history.attempts(key))].filter((record) => record !== null);
  };
}

/** What goes by its age, and what does not. Ranges may go together, so the tests keep away from the edge by some weeks. */
export function retentionConcern(scenario: Scenario): void {
  describe('retention', () => {
    // The first: what the others take away makes ranges wider, and this one needs two events in two of them.
    scenario('hands an ordering key on where it takes the dead dispatch that kept the key', async (stage) => {
      const { storage, samples } = stage;
      const inTurn = async () => {
        const root = (await idsOfStore(stage))();
        const run = { key: { tenant: samples.tenant, root, automation, replay: 0 } };
        return samples.automated(root, { run, dispatch: { ordering: { key: 'issue-1', onDead: 'block' } } });
      };
      const first = await stage.takeOne(await inTurn());
      if (first.run === null) throw new Error('The claim did not hand over the run.');
      const failed = samples.change(first.run, { status: 'failed' });
      expect(statuses(await storage.settle([samples.settle(first, { to: 'dead' }, { run: failed })]))).toEqual(['settled']);
      await stage.advance(60 * day);
      await stage.maintain();
      const second = await inTurn();
      expect(statuses(await storage.ingest([second]))).toEqual(['created']);
      expect(await storage.claim(samples.claim())).toEqual([]);
      await stage.advance(60 * day);
      await stage.maintain();
      expect(await storage.history.dispatch(first.key)).toBeNull();
      expect(only(await storage.claim(samples.claim()))).toMatchObject({ key: { root: second.root } });
    });

    scenario('takes an event of long ago with all below it, and leaves what is younger', async (stage) => {
      const old = await ended(stage, (await idsOfStore(stage))());
      await stage.advance(80 * day);
      await stage.maintain();
      expect(await old()).toHaveLength(4);
      const young = await ended(stage, (await idsOfStore(stage))());
      await stage.advance(50 * day);
      await stage.maintain();
      expect(await old()).toEqual([]);
      expect(await young()).toHaveLength(4);
      const page = await stage.storage.history.dispatches('acme', {}, { cursor: null, limit: 10 });
      expect(page.items).toHaveLength(1);
    });

    scenario('keeps what is open with all that it belongs to, until it has ended', async (stage) => {
      const { storage, samples } = stage;
      const [newId, item] = [await idsOfStore(stage), samples.item()];
      const [waiting, held] = [samples.automated(newId()), samples.item({ root: newId() })];
      const unrouted = { ...item, root: newId(), plan: null };
      await storage.ingest([waiting, { ...unrouted, event: samples.event({ id: unrouted.root }) }]);
      const claimed = await stage.takeOne(held);
      await storage.settle([samples.settle(claimed, { to: 'held' })]);
      await stage.advance(200 * day);
      await stage.maintain();
      for (const { root } of [waiting, held, unrouted]) expect(await storage.history.event('acme', root)).not.toBeNull();
      expect(await storage.history.attempts(claimed.key)).toHaveLength(1);
      const [run] = waiting.plan?.runs ?? [];
      expect(await storage.history.run(run?.key ?? { ...claimed.key, automation: '' })).not.toBeNull();
      expect(only(await storage.claim(samples.claim()))).toMatchObject({ key: { root: waiting.root } });
      expect(only(await storage.claimMarks({ holder: 'router-a', limit: 10, ttlMs: 30_000 }))).toMatchObject({ root: unrouted.root });
    });

    scenario('keeps a call that is open and belongs to no event', async (stage) => {
      const { storage, samples } = stage;
      const root = (await idsOfStore(stage))();
      await storage.ingest([samples.call(root)]);
      await stage.advance(200 * day);
      await stage.maintain();
      const dispatch = only(await storage.claim(samples.claim()));
      await storage.settle([samples.settle(dispatch, { to: 'succeeded', output: '{}' })]);
      await stage.maintain();
      expect(await storage.history.dispatch(dispatch.key)).toBeNull();
    });

    scenario('forgets a dedupe key after its horizon, and never before', async (stage) => {
      const { storage, samples } = stage;
      const dedupe = { key: 'delivery-1', hash: null };
      await storage.ingest([samples.item({ dedupe })]);
      await stage.advance(29 * day);
      await stage.maintain();
      expect(statuses(await storage.ingest([samples.item({ dedupe })]))).toEqual(['duplicate']);
      await stage.advance(2 * day);
      await stage.maintain();
      expect(statuses(await storage.ingest([samples.item({ dedupe })]))).toEqual(['created']);
    });

    scenario('may be asked for at once, and again when nothing is left', async (stage) => {
      const old = await ended(stage, (await idsOfStore(stage))());
      await stage.maintain();
      await stage.advance(200 * day);
      await Promise.all([stage.maintain(), stage.maintain()]);
      await stage.maintain();
      expect(await old()).toEqual([]);
    });

    scenario('leaves what is configured, closed lanes and named leases', async (stage) => {
      const { configuration, gates, leases } = stage.storage;
      const value = { name: 'index', pattern: '*' };
      await configuration.write('acme', [{ put: 'subscriber', id: 's-1', name: 'index', expect: 'absent', value }]);
      await gates.close([{ tenant: 'acme', lane: 'connection:1', reason: 'paused', forMs: null }]);
      const lease = await leases.acquire({ name: 'sealer', holder: 'worker-a', ttlMs: 1_000 });
      await stage.advance(400 * day);
      await stage.maintain();
      expect(await configuration.get('acme', 'subscriber', 's-1')).toMatchObject({ value });
      expect(await gates.list('acme')).toHaveLength(1);
      const again = await leases.acquire({ name: 'sealer', holder: 'worker-b', ttlMs: 1_000 });
      expect(again?.fence).toBeGreaterThan(lease?.fence ?? 0);
    });
  });
}
