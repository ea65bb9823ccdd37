import type { JournalEntry, JournalQuery, Storage } from '@patchbay/core/adapter';
import { describe, expect } from 'vitest';
import type { Scenario, Stage } from './stage.ts';

/** Noon of some day, milliseconds since 1970. */
const noon = 1_790_000_000_000;

const entryOf = ({ samples }: Pick<Stage, 'samples'>, overrides: Partial<JournalEntry> = {}): JournalEntry => ({
  id: samples.newId(),
  tenant: 'acme',
  stream: 'request',
  subject: 'connection-1',
  verdict: 'ok',
  at: noon,
  value: { status: 200 },
  ...overrides,
});

const idsOf = (entries: readonly JournalEntry[]): string[] => entries.map(({ id }) => id);

const all: JournalQuery = { stream: 'request', cursor: null, limit: 500 };

async function idsIn({ journal }: Storage, query: Partial<JournalQuery> = {}, tenant = 'acme'): Promise<readonly string[]> {
  return idsOf((await journal.page(tenant, { ...all, ...query })).entries);
}

/** Entries of one subject each, a second apart, the oldest first. */
const series = (stage: Stage, count: number, overrides: Partial<JournalEntry> = {}): JournalEntry[] =>
  Array.from({ length: count }, (_, index) => entryOf(stage, { at: noon + index * 1_000, ...overrides }));

/** What the journal promises: each entry once, in its order, to its tenant, until it is taken away. */
export function journalConcern(scenario: Scenario): void {
  describe('the journal', () => {
    appending(scenario);
    reading(scenario);
    pruning(scenario);
    bounds(scenario);
  });
}

function appending(scenario: Scenario): void {
  scenario('keeps entries as they came, and raises no revision', async (stage) => {
    const { journal, configuration } = stage.storage;
    const before = await configuration.revision('acme');
    const value = { text: 'a "quoted" \u00fc \u2028 \u0000 \ud800', list: [1, 0.5, null, true, {}], '': [] };
    const entries = [
      entryOf(stage, { value }),
      entryOf(stage, { value: null }),
      entryOf(stage, { subject: '\u{1F600} %_', value: 'text' }),
    ];
    await journal.append(entries);
    await journal.append([]);
    expect(await journal.page('acme', all)).toEqual({ entries: entries.toReversed(), cursor: null });
    expect(await configuration.revision('acme')).toEqual(before);
  });

  scenario('adds nothing for an id that is there, in one call or another', async (stage) => {
    const { journal } = stage.storage;
    const entry = entryOf(stage);
    const other = entryOf(stage);
    await journal.append([entry, { ...entry, verdict: 'failed' }]);
    await journal.append([{ ...entry, verdict: 'failed', value: 'later' }, other]);
    expect((await journal.page('acme', all)).entries).toEqual([other, entry]);
    const elsewhere = [
      { ...entry, tenant: 'globex' },
      { ...entry, stream: 'check' },
    ];
    await journal.append(elsewhere);
    expect((await journal.page('globex', all)).entries).toEqual(elsewhere.slice(0, 1));
    expect((await journal.page('acme', { ...all, stream: 'check' })).entries).toEqual(elsewhere.slice(1));
  });

  scenario('leaves one entry where many race with the same ones, in whatever order', async (stage) => {
    const entries = [...series(stage, 20), ...series(stage, 20, { tenant: 'globex' })];
    const racers = Array.from({ length: 8 }, (_, index) => stage.storage.journal.append(index % 2 === 0 ? entries : entries.toReversed()));
    await Promise.all(racers);
    expect(await idsIn(stage.storage)).toEqual(idsOf(entries.slice(0, 20)).toReversed());
    expect(await idsIn(stage.storage, {}, 'globex')).toHaveLength(20);
  });

  scenario('cuts the fraction of a millisecond off', async (stage) => {
    await stage.storage.journal.append([entryOf(stage, { at: noon + 0.625 })]);
    expect((await stage.storage.journal.page('acme', all)).entries).toMatchObject([{ at: noon }]);
  });

  scenario('changes nothing of what is stored when what was given or returned is changed', async (stage) => {
    const { journal } = stage.storage;
    const value = { list: [1] };
    await journal.append([entryOf(stage, { value })]);
    value.list.push(2);
    const [found] = (await journal.page('acme', all)).entries;
    Object.assign(found?.value ?? {}, { list: 'defaced' });
    expect((await journal.page('acme', all)).entries).toMatchObject([{ value: { list: [1] } }]);
  });
}

function reading(scenario: Scenario): void {
  scenario('is read page by page, newest first, while entries come in and go', async (stage) => {
    const { journal } = stage.storage;
    const entries = series(stage, 7);
    // Stored in another order than made: the order is that of the ids.
    await journal.append(entries.slice(3));
    await journal.append(entries.slice(0, 3));
    const first = await journal.page('acme', { ...all, limit: 3 });
    expect(idsOf(first.entries)).toEqual(idsOf(entries).toReversed().slice(0, 3));
    await journal.append(series(stage, 2));
    await journal.prune({ stream: 'request', before: noon + 1_000, limit: 500 });
    const rest = await journal.page('acme', { ...all, cursor: first.cursor, limit: 3 });
    expect([idsOf(rest.entries), rest.cursor]).toEqual([idsOf(entries).toReversed().slice(3, 6), null]);
  });

  scenario('ends without a cursor where a page holds the last entry exactly', async (stage) => {
    await stage.storage.journal.append(series(stage, 3));
    expect((await stage.storage.journal.page('acme', { ...all, limit: 3 })).cursor).toBeNull();
    expect((await stage.storage.journal.page('acme', { ...all, limit: 2 })).cursor).not.toBeNull();
  });

  scenario('is narrowed by subject, verdict and time, and by all of them', async (stage) => {
    const { journal } = stage.storage;
    const entries = [
      ...series(stage, 3),
      ...series(stage, 3, { subject: 'connection-2' }),
      ...series(stage, 3, { subject: 'connection-2', verdict: '429' }),
    ];
    await journal.append([...entries, entryOf(stage, { stream: 'check', subject: 'connection-2', verdict: '429' })]);
    const [one, two, limited] = [entries.slice(0, 3), entries.slice(3, 6), entries.slice(6)].map(idsOf);
    const newest = (...groups: readonly (readonly string[] | undefined)[]) => groups.flatMap((group) => group ?? []).toReversed();
    expect(await idsIn(stage.storage, { subject: 'connection-1' })).toEqual(newest(one));
    expect(await idsIn(stage.storage, { subject: 'connection-2' })).toEqual(newest(two, limited));
    expect(await idsIn(stage.storage, { verdict: '429' })).toEqual(newest(limited));
    expect(await idsIn(stage.storage, { verdict: 'ok', subject: 'connection-2' })).toEqual(newest(two));
    const middle = { from: noon + 1_000, below: noon + 2_000 };
    expect(await idsIn(stage.storage, middle)).toEqual(newest(one?.slice(1, 2), two?.slice(1, 2), limited?.slice(1, 2)));
    expect(await idsIn(stage.storage, { ...middle, subject: 'connection-2', verdict: '429' })).toEqual(newest(limited?.slice(1, 2)));
    expect(await idsIn(stage.storage, { from: noon + 2_000.5 })).toEqual([]);
    expect(await idsIn(stage.storage, { from: -8_640_000_000_000_000, below: -1 })).toEqual([]);
    const page = await journal.page('acme', { ...all, subject: 'connection-2', verdict: '429', limit: 2 });
    const rest = await journal.page('acme', { ...all, subject: 'connection-2', verdict: '429', limit: 2, cursor: page.cursor });
    expect([...idsOf(page.entries), ...idsOf(rest.entries)]).toEqual(newest(limited));
  });

  scenario('shows a tenant nothing of another, and the hub has a scope of its own', async (stage) => {
    const { journal } = stage.storage;
    const own = entryOf(stage, { tenant: '' });
    const foreign = series(stage, 4, { tenant: 'globex' });
    await journal.append([own, ...foreign]);
    expect(await idsIn(stage.storage)).toEqual([]);
    expect(await idsIn(stage.storage, {}, '')).toEqual([own.id]);
    // A cursor is a place, and opens nothing.
    const { cursor } = await journal.page('globex', { ...all, limit: 2 });
    expect(await idsIn(stage.storage, { cursor })).toEqual([]);
  });
}

function pruning(scenario: Scenario): void {
  scenario('loses of one stream what is older than a time, the oldest first and as many as are asked for', async (stage) => {
    const { journal } = stage.storage;
    const entries = series(stage, 5);
    const check = entryOf(stage, { stream: 'check', at: 0 });
    await journal.append([...entries.toReversed(), check]);
    const request = { stream: 'request', before: noon + 4_000, limit: 3 };
    expect(await journal.prune(request)).toBe(3);
    expect(await idsIn(stage.storage)).toEqual(idsOf(entries.slice(3)).toReversed());
    expect(await journal.prune(request)).toBe(1);
    expect(await journal.prune(request)).toBe(0);
    expect(await journal.prune({ ...request, before: -8_640_000_000_000_000 })).toBe(0);
    expect(await idsIn(stage.storage)).toEqual(idsOf(entries.slice(4)));
    expect(await idsIn(stage.storage, { stream: 'check' })).toEqual([check.id]);
  });

  scenario('loses what is old of all tenants, or of the one that is named', async (stage) => {
    const { journal } = stage.storage;
    for (const tenant of ['acme', 'globex', 'initech']) await journal.append(series(stage, 2, { tenant }));
    const request = { stream: 'request', before: noon + 1_000, limit: 10 };
    expect(await journal.prune({ ...request, tenant: 'globex' })).toBe(1);
    expect([await idsIn(stage.storage), await idsIn(stage.storage, {}, 'globex')].map(({ length }) => length)).toEqual([2, 1]);
    expect(await journal.prune({ ...request, tenant: 'hooli' })).toBe(0);
    expect(await journal.prune(request)).toBe(2);
    for (const tenant of ['acme', 'globex', 'initech']) expect(await idsIn(stage.storage, {}, tenant)).toHaveLength(1);
  });
}

function bounds(scenario: Scenario): void {
  const malformed = { code: 'invalid_argument' };

  scenario('takes what is at its bounds, and refuses what is beyond them with all that came along', async (stage) => {
    const { journal } = stage.storage;
    const most = { stream: 's'.repeat(60), subject: 's'.repeat(400), verdict: 'v'.repeat(60), value: 'x'.repeat(16_382) };
    await journal.append([entryOf(stage, { ...most, tenant: 't'.repeat(200), at: 0 })]);
    expect((await journal.page('t'.repeat(200), { ...all, stream: most.stream })).entries).toHaveLength(1);
    const faults: readonly Partial<JournalEntry>[] = [
      ...[{ stream: '' }, { stream: 's'.repeat(61) }, { subject: '' }, { subject: 's'.repeat(401) }, { verdict: '' }],
      ...[{ verdict: 'v'.repeat(61) }, { tenant: 't'.repeat(201) }, { subject: 'a\u0000' }, { verdict: '\ud800' }],
      ...[{ at: -1 }, { at: Number.NaN }, { at: 8_640_000_000_000_001 }, { id: 'id-1' }, { value: 'x'.repeat(16_383) }],
      // Two bytes each.
      { value: '\u00fc'.repeat(8_192) },
    ];
    for (const fault of faults) await expect(journal.append([entryOf(stage), entryOf(stage, fault)])).rejects.toMatchObject(malformed);
    await expect(journal.append(series(stage, 501))).rejects.toMatchObject(malformed);
    expect(await idsIn(stage.storage)).toEqual([]);
    await journal.append(series(stage, 500));
    expect(await idsIn(stage.storage)).toHaveLength(500);
  });

  scenario('refuses a page and a prune that are out of bounds', async (stage) => {
    const { journal } = stage.storage;
    const queries: readonly Partial<JournalQuery>[] = [
      ...[{ limit: 0 }, { limit: 501 }, { limit: 1.5 }, { cursor: 'foreign' }, { cursor: '' }, { stream: '' }],
      ...[{ subject: '' }, { verdict: 'a\u0000' }, { from: Number.NaN }, { below: Number.POSITIVE_INFINITY }],
    ];
    for (const query of queries) await expect(journal.page('acme', { ...all, ...query })).rejects.toMatchObject(malformed);
    await journal.append([entryOf(stage)]);
    const request = { stream: 'request', before: noon + 1, limit: 10 };
    for (const fault of [{ limit: 0 }, { limit: 5_001 }, { before: Number.NaN }, { stream: '' }, { tenant: 'a\u0000' }])
      await expect(journal.prune({ ...request, ...fault })).rejects.toMatchObject(malformed);
    expect(await idsIn(stage.storage)).toHaveLength(1);
  });
}
