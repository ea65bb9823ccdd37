import type { Clock, IngestItem, SettleItem } from '@patchbay/core/adapter';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from './memory-storage.ts';

const day = 24 * 60 * 60 * 1_000;

/** A clock that a test sets. */
function handClock(): Clock & { time: number } {
  const clock = {
    time: 1_790_000_000_000,
    now: () => clock.time,
    monotonic: () => clock.time,
    setTimer: () => ({ cancel: () => undefined }),
    nextTurn: (callback: () => void) => callback(),
  };
  return clock;
}

const rootOf = (number: number): string => `0198a000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** A call, its dispatch born leased unless it is to wait. */
function call(number: number, delayMs = 0): IngestItem {
  const root = rootOf(number);
  const key = { tenant: 'acme', root, target: 'call', replay: 0, path: 'a' };
  const rest = { connection: null, input: null, version: null, mark: 'claim', onUnknown: 'hold', ordering: null } as const;
  const dispatch = { key, handler: 'h', lane: 'l', workClass: 'live', operation: 'o', delayMs, ...rest } as const;
  const plan = { revision: { hub: 0, tenant: 0 }, considered: [], runs: [], dispatches: [dispatch] };
  return {
    tenant: 'acme',
    root,
    dedupe: { key: `key-${number}`, hash: null },
    event: null,
    plan,
    lease: { holder: 'w', ttlMs: 1_000, limit: 1 },
  };
}

const sized = (item: IngestItem, changes: { readonly input: string | null }): IngestItem => {
  if (item.plan === null) throw new Error('The item has no plan.');
  return { ...item, plan: { ...item.plan, dispatches: item.plan.dispatches.map((dispatch) => ({ ...dispatch, ...changes })) } };
};

/** An event with a run that has ended before it began. */
function ended(number: number, state: string, replay = 0): IngestItem {
  const key = { tenant: 'acme', root: rootOf(number), automation: rootOf(9_000), replay };
  const run = { key, automationName: 'a', version: 1, status: 'failed', state, error: null } as const;
  return {
    ...eventOnly(number, new Uint8Array(3)),
    plan: { revision: { hub: 0, tenant: 0 }, considered: [], runs: [run], dispatches: [] },
  };
}

interface Ending {
  readonly input?: string;
  readonly output?: string;
  readonly warnings?: readonly string[];
}

async function end(
  storage: ReturnType<typeof memoryStorage>,
  number: number,
  to: 'succeeded' | 'held' = 'succeeded',
  { input, output = 'null', warnings = [] }: Ending = {},
): Promise<void> {
  const [verdict] = await storage.ingest([sized(call(number), { input: input ?? null })]);
  const [dispatch] = verdict?.status === 'created' ? verdict.leased : [];
  if (dispatch === undefined) throw new Error('The dispatch was to be born leased.');
  const { key, handle, fence } = dispatch;
  const rest = { durationMs: 1, error: null, retryInMs: null, providerRequestId: null, warnings, exchange: null };
  const attempt = {
    key,
    number: 1,
    round: 1,
    outcome: to === 'held' ? ('unknown' as const) : to,
    startedAt: 1,
    holder: 'w',
    fence,
    ...rest,
  };
  const settlement: SettleItem['settlement'] = to === 'held' ? { to } : { to, output };
  await storage.settle([{ tenant: 'acme', handle, fence, key, attempt, settlement, run: null, lease: null }]);
}

const eventOnly = (number: number, bytes: Uint8Array): IngestItem => ({
  ...call(number),
  event: {
    tenant: 'acme',
    id: rootOf(number),
    type: 't',
    source: 's',
    subject: null,
    time: 1,
    connection: null,
    correlation: 'c',
    causation: null,
    class: 'record',
    severity: 'info',
    data: { codec: 'plain', bytes },
    original: null,
    receipt: null,
  },
  plan: { revision: { hub: 0, tenant: 0 }, considered: [], runs: [], dispatches: [] },
});

const kept = async (storage: ReturnType<typeof memoryStorage>): Promise<number[]> => {
  const { items } = await storage.history.dispatches('acme', {}, { cursor: null, limit: 500 });
  return items.map((dispatch) => Number(dispatch.key.root.slice(-12))).sort((left, right) => left - right);
};

describe('memoryStorage', () => {
  it('keeps the newest ended events up to its bound, with all that is below them', async () => {
    const storage = memoryStorage({ clock: handClock(), retainEvents: 3 });
    for (let number = 1; number <= 5; number += 1) await end(storage, number);
    expect(await kept(storage)).toEqual([3, 4, 5]);
    expect(await storage.history.attempts({ tenant: 'acme', root: rootOf(1), target: 'call', replay: 0, path: 'a' })).toEqual([]);
  });

  it('never drops what is open: waiting, leased or held', async () => {
    const storage = memoryStorage({ clock: handClock(), retainEvents: 1 });
    await storage.ingest([call(1, 5_000), call(2)]);
    await end(storage, 3, 'held');
    for (let number = 4; number <= 9; number += 1) await end(storage, number);
    expect(await kept(storage)).toEqual([1, 2, 3, 9]);
    expect(await storage.claim({ holder: 'w', handlers: ['h'], limit: 9, replayShare: 0, ttlMs: 1, kind: 'suspect' })).toEqual([]);
  });

  it('keeps what was reopened, and drops it in its turn when it has ended again', async () => {
    const storage = memoryStorage({ clock: handClock(), retainEvents: 1 });
    await end(storage, 1, 'held');
    const key = { tenant: 'acme', root: rootOf(1), target: 'call', replay: 0, path: 'a' };
    await storage.resolve([{ key, round: 1, settlement: { to: 'cancelled' }, run: null }]);
    expect(await kept(storage)).toEqual([1]);
    await storage.reopen([{ key, round: 1, settlement: { to: 'pending', delayMs: 0, forget: false }, run: null }]);
    await end(storage, 2);
    await end(storage, 3);
    expect(await kept(storage)).toEqual([1, 3]);
    await storage.cancel([{ key, round: 2, settlement: { to: 'cancelled' }, run: null }]);
    expect(await kept(storage)).toEqual([1]);
    await end(storage, 4);
    expect(await kept(storage)).toEqual([4]);
  });

  it('drops the oldest ended events when their payloads are more than the bound of bytes, and changes nothing that it handed out', async () => {
    const storage = memoryStorage({ clock: handClock(), retainBytes: 25_000 });
    const told = async (number: number): Promise<Uint8Array | undefined> =>
      (await storage.history.event('acme', rootOf(number)))?.data.bytes;
    const put = (number: number) => storage.ingest([eventOnly(number, new Uint8Array(10_000).fill(number))]);
    await put(1);
    const first = await told(1);
    for (let number = 2; number <= 20; number += 1) await put(number);
    expect(await Promise.all([1, 17, 18, 19, 20].map(async (number) => (await told(number))?.[0]))).toEqual([
      undefined,
      undefined,
      undefined,
      19,
      20,
    ]);
    expect(first).toEqual(new Uint8Array(10_000).fill(1));
  });

  it('counts inputs and outputs of calls, drops the oldest that have ended, and never what is open', async () => {
    const storage = memoryStorage({ clock: handClock(), retainBytes: 50_000 });
    const text = JSON.stringify('x'.repeat(5_000));
    await storage.ingest([sized(call(1, 5_000), { input: text })]);
    for (let number = 2; number <= 20; number += 1) await end(storage, number, 'succeeded', { input: text, output: text });
    expect(await kept(storage)).toEqual([1, 19, 20]);
    for (let number = 21; number <= 40; number += 1) await end(storage, number, 'succeeded', { output: text });
    expect(await kept(storage)).toEqual([1, 37, 38, 39, 40]);
  });

  it('counts states of runs and what was said of attempts', async () => {
    const text = 'x'.repeat(5_000);
    const said = memoryStorage({ clock: handClock(), retainBytes: 25_000 });
    for (let number = 1; number <= 20; number += 1) await end(said, number, 'succeeded', { warnings: [text] });
    expect(await kept(said)).toEqual([19, 20]);
    const states = memoryStorage({ clock: handClock(), retainBytes: 25_000 });
    for (let number = 1; number <= 20; number += 1) await states.ingest([ended(number, text)]);
    expect((await states.history.runs('acme', {}, { cursor: null, limit: 500 })).items).toHaveLength(2);
  });

  it('counts what a replay adds below an event that has ended', async () => {
    const storage = memoryStorage({ clock: handClock(), retainBytes: 25_000 });
    await storage.ingest([ended(1, '{}'), ended(2, '{}')]);
    const replay = { ...ended(1, 'x'.repeat(20_000), 1), event: null, dedupe: { key: 'again', hash: null } };
    await storage.ingest([replay]);
    expect((await storage.history.runs('acme', {}, { cursor: null, limit: 500 })).items.map(({ key }) => key.root)).toEqual([rootOf(2)]);
  });

  it('keeps a waiting event open until it has been routed', async () => {
    const storage = memoryStorage({ clock: handClock(), retainEvents: 0 });
    await storage.ingest([{ ...eventOnly(1, new Uint8Array(3)), plan: null }]);
    await end(storage, 2);
    expect(await storage.history.event('acme', rootOf(1))).toMatchObject({ id: rootOf(1) });
    const [mark] = await storage.claimMarks({ holder: 'r', limit: 1, ttlMs: 1_000 });
    const page = { tenant: 'acme', root: rootOf(1), fence: mark?.fence ?? 0, revision: { hub: 0, tenant: 0 }, from: 0, to: 0 };
    expect(await storage.recordRouting([{ ...page, considered: [], runs: [], dispatches: [], last: true }])).toEqual([{ status: 'done' }]);
    expect(await storage.history.event('acme', rootOf(1))).toBeNull();
  });

  it('remembers a dedupe key for 30 days, longer than its event', async () => {
    const clock = handClock();
    const storage = memoryStorage({ clock, retainEvents: 0 });
    await end(storage, 1);
    const again = { ...call(2), dedupe: call(1).dedupe };
    clock.time += 30 * day - 1;
    expect(await storage.ingest([again])).toEqual([{ status: 'duplicate', root: rootOf(1) }]);
    clock.time += 1;
    expect(await storage.ingest([again])).toMatchObject([{ status: 'created' }]);
  });

  it('forgets the oldest dedupe keys beyond their bound, and never the newest half', async () => {
    const storage = memoryStorage({ clock: handClock(), retainKeys: 20 });
    for (let number = 1; number <= 100; number += 1) await end(storage, number);
    const statuses = async (number: number) =>
      (await storage.ingest([{ ...call(500 + number), dedupe: call(number).dedupe }])).map(({ status }) => status);
    for (let number = 91; number <= 100; number += 1) expect(await statuses(number)).toEqual(['duplicate']);
    expect(await statuses(1)).toEqual(['created']);
  });
});
