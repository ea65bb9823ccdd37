import { describe, expect, it } from 'vitest';
import { silentLogger } from '../logger/logger.ts';
import { createManualClock, type ManualClock } from '../net/__fixtures__/manual-clock.ts';
import type { Notify } from '../notices/notices.ts';
import { type MemoryStates, memoryStates } from './__fixtures__/memory-states.ts';
import { createHealthBook, type HealthBook } from './health-book.ts';
import { healthName, readHealth } from './health-state.ts';
import type { HealthFacts } from './judge-health.ts';
import { noteCall } from './seen-traffic.ts';

const facts: HealthFacts = { connector: 'github', status: 'active', credentialExpiresAt: null, breaker: 'closed', quotaLeft: null };

interface Office {
  readonly clock: ManualClock;
  readonly states: MemoryStates;
  readonly told: unknown[];
  /** What is known of every connection. */
  facts: HealthFacts | null;
  book(): HealthBook;
}

function office(): Office {
  const clock = createManualClock();
  const states = memoryStates();
  const told: unknown[] = [];
  let ids = 0;
  const notify: Notify = (name, notice) => void told.push([name, notice]);
  const made: Office = {
    clock,
    states,
    told,
    facts,
    book: () =>
      createHealthBook({
        ...{ states, clock, notify, logger: silentLogger, random: () => 0.5 },
        generateId: () => `id-${++ids}`,
        factsOf: async () => made.facts,
      }),
  };
  return made;
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function see(
  book: HealthBook,
  clock: ManualClock,
  { count, isFailure, connection = 'c1' }: { count: number; isFailure: boolean; connection?: string },
) {
  const seen = book.note('acme', connection, isFailure);
  for (let call = 0; seen && call < count; call += 1)
    noteCall(seen, { name: isFailure ? 'network' : 'succeeded', tookMs: 10, at: clock.now(), code: isFailure ? 'network' : null });
}

const stateOf = async ({ states }: Office, connection = 'c1') => readHealth((await states.read('acme', healthName(connection)))?.value);

describe('what a process has seen of a connection', () => {
  it('is written within ten seconds, and within one where something has failed; nothing seen is nothing written', async () => {
    const { clock, states, book } = office();
    const one = book();
    clock.advance(60_000);
    see(one, clock, { count: 1, isFailure: false });
    clock.advance(9_999);
    await turns();
    expect(states.writes).toHaveLength(0);
    clock.advance(1);
    await turns();
    expect(states.writes).toHaveLength(1);
    see(one, clock, { count: 1, isFailure: false });
    see(one, clock, { count: 1, isFailure: true });
    clock.advance(1_000);
    await turns();
    expect(states.writes).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('is added to what others have seen, also where they write at the same moment', async () => {
    const stage = office();
    const books = [stage.book(), stage.book(), stage.book()];
    for (let round = 0; round < 4; round += 1) {
      for (const book of books) see(book, stage.clock, { count: 5, isFailure: false });
      await Promise.all(books.map((book) => book.flush()));
    }
    expect((await stateOf(stage)).calls[0]).toBe(60);
  });

  it('is told by the one process that wrote the change', async () => {
    const stage = office();
    const books = [stage.book(), stage.book()];
    for (const book of books) see(book, stage.clock, { count: 50, isFailure: true });
    await Promise.all(books.map((book) => book.flush()));
    const changes = stage.told.filter((each) => Array.isArray(each) && each[0] === 'connection.health_changed');
    expect(changes).toEqual([
      [
        'connection.health_changed',
        expect.objectContaining({ tenant: 'acme', connectionId: 'c1', connectorId: 'github', from: 'good', to: 'degraded' }),
      ],
    ]);
  });

  it('counts once where only the answer of a write was lost', async () => {
    const stage = office();
    const one = stage.book();
    const write = stage.states.write.bind(stage.states);
    let lost = false;
    stage.states.write = async (items) => {
      const verdicts = await write(items);
      if (lost) return verdicts;
      lost = true;
      throw new Error('The answer was lost.');
    };
    see(one, stage.clock, { count: 50, isFailure: true });
    await one.flush();
    expect((await stateOf(stage)).calls[8]).toBe(50);
    expect(stage.told).toHaveLength(1);
  });

  it('is forgotten with the connection, and never kept for one that is gone', async () => {
    const stage = office();
    const one = stage.book();
    see(one, stage.clock, { count: 1, isFailure: false });
    await one.flush();
    expect(await stage.states.read('acme', healthName('c1'))).not.toBeNull();
    stage.facts = null;
    see(one, stage.clock, { count: 1, isFailure: false });
    see(one, stage.clock, { count: 1, isFailure: false, connection: 'c2' });
    await one.flush();
    expect(await stage.states.read('acme', healthName('c1'))).toBeNull();
    expect(await stage.states.read('acme', healthName('c2'))).toBeNull();
  });

  it('goes unseen beyond 10,000 connections between two writes', async () => {
    const { clock, book } = office();
    const one = book();
    for (let each = 0; each < 10_000; each += 1) see(one, clock, { count: 1, isFailure: false, connection: `c${each}` });
    expect(one.note('acme', 'one-more', true)).toBeUndefined();
    expect(one.note('acme', 'c0', true)).toBeDefined();
    await one.flush();
    expect(one.note('acme', 'one-more', true)).toBeDefined();
  });

  it('brings the next look forward where calls fail, and leaves it where none is planned', async () => {
    const stage = office();
    const one = stage.book();
    see(one, stage.clock, { count: 1, isFailure: true });
    await one.flush();
    expect((await stateOf(stage)).next).toBeNull();
    const stored = await stage.states.read('acme', healthName('c1'));
    const value = { ...(stored?.value as object), next: [stage.clock.now() + 900_000, false] };
    await stage.states.write([{ tenant: 'acme', name: healthName('c1'), expect: 'any', value }]);
    see(stage.book(), stage.clock, { count: 0, isFailure: false });
    const other = stage.book();
    see(other, stage.clock, { count: 1, isFailure: true });
    await other.flush();
    expect((await stateOf(stage)).next).toEqual({ at: stage.clock.now() + 60_000, isPutOff: false });
  });
});
