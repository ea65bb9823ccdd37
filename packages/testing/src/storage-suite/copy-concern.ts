import { describe, expect } from 'vitest';
import { birth } from './samples.ts';
import { only, type Scenario, type Stage } from './stage.ts';

/** Overwrites everything reachable. What is frozen stays as it is, which is as good as a copy. */
function deface(value: unknown): void {
  if (value instanceof Uint8Array) {
    value.fill(88);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'object') deface(inner);
    else Reflect.set(value, key, typeof inner === 'number' ? -1 : 'defaced');
  }
  if (Array.isArray(value) && !Object.isFrozen(value)) value.push('defaced');
}

/** Reads twice, spoils what the first read gave, and compares. */
async function readsUnspoiled(read: () => Promise<unknown>): Promise<void> {
  const first = await read();
  const kept = structuredClone(first);
  deface(first);
  expect(first).not.toEqual(kept);
  expect(await read()).toEqual(kept);
}

/** A store with one of everything. */
async function furnished(stage: Stage) {
  const { samples, storage } = stage;
  const item = samples.automated(samples.newId());
  const receipt = { registration: 'registration-1', deliveryId: 'delivery-1' };
  const original = { codec: 'plain' as const, bytes: Uint8Array.of(1, 2, 3) };
  const event = samples.event({ id: item.root, receipt, original });
  const dispatch = await stage.takeOne({ ...item, event });
  if (dispatch.run === null) throw new Error('The claim did not hand over the run.');
  const settle = samples.settle(dispatch, { to: 'dead' });
  const error = { code: 'internal', message: 'Broken. Mend it.' };
  const attempt = { ...settle.attempt, warnings: ['slow'] };
  await storage.settle([{ ...settle, attempt, run: samples.change(dispatch.run, { status: 'failed', error }) }]);
  const subscriber = { put: 'subscriber', id: 's-1', name: 'index', expect: 'absent', value: { name: 'index', pattern: '*' } } as const;
  await storage.configuration.write('acme', [subscriber]);
  await storage.gates.close([{ tenant: 'acme', lane: 'connection:1', reason: 'paused', forMs: null }]);
  return { key: dispatch.key, runKey: dispatch.run.key };
}

/** What is handed out and taken in is copied. */
export function copyConcern(scenario: Scenario): void {
  describe('copies', () => {
    scenario('changes nothing when a returned record is changed', async (stage) => {
      const { history, configuration, gates } = stage.storage;
      const { key, runKey } = await furnished(stage);
      const page = { cursor: null, limit: 10 };
      await readsUnspoiled(() => history.event('acme', key.root));
      await readsUnspoiled(() => history.events('acme', {}, page));
      await readsUnspoiled(() => history.run(runKey));
      await readsUnspoiled(() => history.runs('acme', {}, page));
      await readsUnspoiled(() => history.dispatch(key));
      await readsUnspoiled(() => history.dispatches('acme', {}, page));
      await readsUnspoiled(() => history.attempts(key));
      await readsUnspoiled(() => configuration.get('acme', 'subscriber', 's-1'));
      await readsUnspoiled(() => configuration.find('acme', 'subscriber', 'index'));
      await readsUnspoiled(() => configuration.list('acme', 'subscriber', page));
      await readsUnspoiled(() => configuration.snapshot('acme', ['subscriber']));
      await readsUnspoiled(() => configuration.revision('acme'));
      await readsUnspoiled(() => gates.list('acme'));
    });

    scenario('changes nothing when what a claim, a birth or a mark handed over is changed', async (stage) => {
      const { samples, storage } = stage;
      const claimed = await stage.takeOne(samples.automated(samples.newId()));
      const [born] = await storage.ingest([samples.automated(samples.newId(), { lease: birth() })]);
      const marked = samples.item({ plan: null });
      await storage.ingest([marked]);
      const leased = only(born?.status === 'created' ? born.leased : []);
      const marks = await storage.claimMarks({ holder: 'router-a', limit: 10, ttlMs: 30_000 });
      const read = async () => [
        await storage.history.dispatches('acme', {}, { cursor: null, limit: 10 }),
        await storage.history.runs('acme', {}, { cursor: null, limit: 10 }),
        await storage.history.events('acme', {}, { cursor: null, limit: 10 }),
      ];
      const before = await read();
      deface(claimed);
      deface(leased);
      deface(marks);
      expect(await read()).toEqual(before);
    });

    scenario('changes nothing when an argument is changed after the call', async (stage) => {
      const { samples, storage } = stage;
      const item = { ...samples.automated(samples.newId(), { lease: birth() }), dedupe: { key: 'delivery-1', hash: 'h' } };
      const kept = structuredClone(item);
      const [verdict] = await storage.ingest([item]);
      deface(item);
      const leased = only(verdict?.status === 'created' ? verdict.leased : []);
      expect(await storage.history.event('acme', kept.root)).toMatchObject({ ...kept.event });
      const settle = { ...samples.settle(leased, { to: 'succeeded', output: '{}' }) };
      const attempt = structuredClone(settle.attempt);
      await storage.settle([settle]);
      deface(settle);
      expect(await storage.history.attempts(attempt.key)).toEqual([attempt]);
      expect(await storage.history.dispatch(attempt.key)).toMatchObject({ key: attempt.key, status: 'succeeded', output: '{}' });
      expect(await storage.history.run(kept.plan?.runs[0]?.key ?? { tenant: '', root: '', automation: '', replay: 0 })).toMatchObject({
        ...kept.plan?.runs[0],
      });
    });

    scenario('changes nothing when a configured value is changed after the write', async ({ storage: { configuration } }) => {
      const value = { name: 'triage', version: 1, enabled: true, definition: { steps: [{ id: 'ticket' }] } };
      await configuration.write('acme', [{ put: 'automation', id: 'a-1', name: 'triage', expect: 'absent', value }]);
      const kept = structuredClone(value);
      deface(value);
      expect(await configuration.get('acme', 'automation', 'a-1')).toMatchObject({ value: kept });
    });
  });
}
