import type { KeepRequest, Storage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import { only, type Scenario, type Stage, statuses } from './stage.ts';

const page = { cursor: null, limit: 10 } as const;

/** A receipt of a delivery that no other is of. */
function receiptOf({ samples }: Pick<Stage, 'samples'>, overrides: Partial<KeepRequest> = {}): KeepRequest {
  const id = samples.newId();
  return {
    tenant: 'acme',
    id,
    connector: 'github',
    registration: 'registration-1',
    connection: 'connection-1',
    deliveryId: 'delivery-1',
    guard: `guard-of-${id}`,
    error: { code: 'body_invalid', message: 'The body is not JSON.' },
    headers: { 'content-type': 'application/json', 'x-note': 'a "quoted" \u00fc \\u0000' },
    body: { codec: 'plain', bytes: Uint8Array.of(0, 255, 10, 34, 0) },
    receivedAt: 1_790_000_000_000,
    forMs: 600_000,
    most: { receipts: 1_000, bytes: 1_000_000 },
    ...overrides,
  };
}

const idsOf = async ({ receipts }: Storage, tenant = 'acme'): Promise<readonly string[]> =>
  (await receipts.page(tenant, {}, page)).items.map(({ id }) => id);

/** What kept receipts promise: each is there whole, once, in its time and within its tenant's room. */
export function receiptConcern(scenario: Scenario): void {
  describe('kept receipts', () => {
    keeping(scenario);
    reading(scenario);
    room(scenario);
  });
}

function keeping(scenario: Scenario): void {
  scenario('are there as they came', async (stage) => {
    const { receipts } = stage.storage;
    const { forMs: _forMs, most: _most, ...receipt } = receiptOf(stage);
    const bare = {
      connector: null,
      connection: null,
      deliveryId: null,
      headers: {},
      body: { codec: 'plain', bytes: new Uint8Array() },
    } as const;
    expect(await receipts.keep({ ...receiptOf(stage), ...receipt })).toEqual({ status: 'kept', id: receipt.id });
    const other = receiptOf(stage, bare);
    await receipts.keep(other);
    const before = await stage.storage.now();
    const found = await receipts.get('acme', receipt.id);
    expect(found).toEqual({ ...receipt, size: 5, keptUntil: expect.any(Number) });
    expect(Math.abs((found?.keptUntil ?? 0) - before - 600_000)).toBeLessThan(60_000);
    expect(await receipts.get('acme', other.id)).toMatchObject({ ...bare, size: 0 });
  });

  scenario('are kept once for a guard, and name the first to all who race', async (stage) => {
    const { receipts } = stage.storage;
    const guard = 'delivery-7';
    const racers = Array.from({ length: 8 }, () => receiptOf(stage, { guard }));
    const verdicts = await Promise.all(racers.map((racer) => receipts.keep(racer)));
    const id = only(await idsOf(stage.storage));
    expect(verdicts).toEqual(racers.map(() => ({ status: 'kept', id })));
    await receipts.keep(receiptOf(stage, { guard, tenant: 'globex' }));
    expect(await idsOf(stage.storage, 'globex')).toHaveLength(1);
  });

  scenario('are kept again as they were where an answer was lost', async (stage) => {
    const receipt = receiptOf(stage);
    const first = await stage.storage.receipts.keep(receipt);
    const [found, revision] = [await stage.storage.receipts.get('acme', receipt.id), await stage.storage.configuration.revision('acme')];
    expect(await stage.storage.receipts.keep(receipt)).toEqual(first);
    expect(await stage.storage.receipts.get('acme', receipt.id)).toEqual(found);
    expect(await stage.storage.configuration.revision('acme')).toEqual(revision);
  });

  scenario('are there for nobody when their time has passed, and make way for another of their guard', async (stage) => {
    const { receipts } = stage.storage;
    const old = receiptOf(stage, { forMs: 20_000 });
    await receipts.keep(old);
    await stage.advance(20_001);
    expect(await receipts.get('acme', old.id)).toBeNull();
    expect([await idsOf(stage.storage), await receipts.count('acme')]).toEqual([[], { receipts: 0, bytes: 0 }]);
    const young = receiptOf(stage, { guard: old.guard });
    expect(await receipts.keep(young)).toEqual({ status: 'kept', id: young.id });
  });

  scenario('are taken away by their age, and no other', async (stage) => {
    const [old, young] = [receiptOf(stage, { forMs: 20_000 }), receiptOf(stage, { forMs: 90 * 86_400_000 })];
    for (const receipt of [old, young]) await stage.storage.receipts.keep(receipt);
    await stage.advance(86_400_000);
    await stage.maintain();
    expect(await idsOf(stage.storage)).toEqual([young.id]);
  });

  scenario('change nothing of what is stored when what was given or returned is changed', async (stage) => {
    const { receipts } = stage.storage;
    const bytes = Uint8Array.of(1, 2, 3);
    const receipt = receiptOf(stage, { body: { codec: 'plain', bytes } });
    await receipts.keep(receipt);
    bytes.fill(88);
    (await receipts.get('acme', receipt.id))?.body.bytes.fill(99);
    expect((await receipts.get('acme', receipt.id))?.body.bytes).toEqual(Uint8Array.of(1, 2, 3));
  });
}

function reading(scenario: Scenario): void {
  scenario('are listed page by page in order of their ids, without what came', async (stage) => {
    const { receipts } = stage.storage;
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const receipt = receiptOf(stage);
      await receipts.keep(receipt);
      ids.push(receipt.id);
    }
    const first = await receipts.page('acme', {}, { cursor: null, limit: 3 });
    expect(first.items.map(({ id }) => id)).toEqual([...ids].reverse().slice(0, 3));
    expect(first.items[0]).not.toHaveProperty('body');
    expect(first.items[0]).not.toHaveProperty('headers');
    const rest = await receipts.page('acme', {}, { cursor: first.cursor, limit: 3 });
    expect([rest.items.map(({ id }) => id), rest.cursor]).toEqual([[...ids].reverse().slice(3), null]);
    const oldest = await receipts.page('acme', {}, { cursor: null, limit: 2, order: 'oldest' });
    const next = await receipts.page('acme', {}, { cursor: oldest.cursor, limit: 3, order: 'oldest' });
    expect([...oldest.items, ...next.items].map(({ id }) => id)).toEqual(ids);
  });

  scenario('are found by registration, connection and code', async (stage) => {
    const { receipts } = stage.storage;
    const error = { code: 'internal', message: 'Broken. Mend it.' };
    const odd = [{ registration: 'registration-2' }, { connection: null }, { error }].map((difference) => receiptOf(stage, difference));
    for (const receipt of [receiptOf(stage), ...odd]) await receipts.keep(receipt);
    const found = async (filter: Parameters<typeof receipts.page>[1]) => (await receipts.page('acme', filter, page)).items.length;
    expect(await found({ registration: 'registration-1' })).toBe(3);
    expect(await found({ connection: 'connection-1' })).toBe(3);
    expect(await found({ code: 'internal' })).toBe(1);
    expect(await found({ registration: 'registration-2', code: 'internal' })).toBe(0);
  });

  scenario('are not there for another tenant, under an id that is none, and when they were taken away', async (stage) => {
    const { receipts } = stage.storage;
    const receipt = receiptOf(stage);
    await receipts.keep(receipt);
    for (const [tenant, id] of [
      ['globex', receipt.id],
      ['acme', stage.samples.newId()],
      ['acme', 'no-id'],
    ] as const) {
      expect(await receipts.get(tenant, id)).toBeNull();
      await receipts.remove(tenant, id);
    }
    expect(await idsOf(stage.storage)).toEqual([receipt.id]);
    await receipts.remove('acme', receipt.id);
    await receipts.remove('acme', receipt.id);
    expect(await receipts.get('acme', receipt.id)).toBeNull();
  });
}

function room(scenario: Scenario): void {
  scenario('keep to the room of their tenant, however many race, and take nothing away for it', async (stage) => {
    const { receipts } = stage.storage;
    const most = { receipts: 3, bytes: 1_000 };
    const racers = Array.from({ length: 10 }, () => receiptOf(stage, { most }));
    const verdicts = await Promise.all(racers.map((racer) => receipts.keep(racer)));
    expect(statuses(verdicts).sort()).toEqual([...Array.from({ length: 7 }, () => 'full'), 'kept', 'kept', 'kept']);
    expect(await receipts.count('acme')).toEqual({ receipts: 3, bytes: 15 });
    const [first] = verdicts.filter(({ status }) => status === 'kept');
    const known = await receipts.get('acme', first?.status === 'kept' ? first.id : '');
    expect(statuses([await receipts.keep(receiptOf(stage, { most, guard: known?.guard ?? '' }))])).toEqual(['kept']);
    expect(statuses([await receipts.keep(receiptOf(stage, { most, tenant: 'globex' }))])).toEqual(['kept']);
  });

  scenario('keep to the bytes of their tenant', async (stage) => {
    const { receipts } = stage.storage;
    const most = { receipts: 100, bytes: 12 };
    const verdicts: { readonly status: string }[] = [];
    for (let index = 0; index < 3; index += 1) verdicts.push(await receipts.keep(receiptOf(stage, { most })));
    expect(statuses(verdicts)).toEqual(['kept', 'kept', 'full']);
    expect(await receipts.count('acme')).toEqual({ receipts: 2, bytes: 10 });
    const small = receiptOf(stage, { most, body: { codec: 'plain', bytes: Uint8Array.of(1, 2) } });
    expect(statuses([await receipts.keep(small)])).toEqual(['kept']);
  });
}
