import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditRecord, AuditStore, ChainPoint, SealedRecord } from '../contracts/audit-store.ts';
import type { LeaseStore } from '../contracts/control-stores.ts';
import { type Logger, silentLogger } from '../logger/logger.ts';
import { createManualClock, type ManualClock } from '../net/__fixtures__/manual-clock.ts';
import { sampleHash, sampleRecord } from './__fixtures__/sample-chain.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type CheckpointOptions, createCheckpointWriter } from './checkpoint-writer.ts';
import { createSealer } from './create-sealer.ts';
import { verifyChain } from './verify-chain.ts';

type Calls = Pick<AuditStore, 'unsealed' | 'seal'>;

/** A store of one tenant, shared by processes; only what sealing asks for. */
function sharedStore(clock: ManualClock) {
  const waiting: AuditRecord[] = [];
  const sealed: SealedRecord[] = [];
  let head: ChainPoint = { seq: 0, hash: '' };
  let held: { holder: string; until: number; fence: number } | null = null;
  const asked: string[] = [];
  const leases: Pick<LeaseStore, 'acquire' | 'release'> = {
    async acquire({ name, holder, ttlMs }) {
      if (held && held.holder !== holder && held.until > clock.now()) return null;
      held = { holder, until: clock.now() + ttlMs, fence: (held?.fence ?? 0) + 1 };
      return { name, fence: held.fence, until: held.until };
    },
    async release({ holder, fence }) {
      if (held?.holder === holder && held.fence === fence) held = null;
    },
  };
  const auditOf = (holder: string): Calls => ({
    async unsealed({ limit }) {
      asked.push(holder);
      return waiting.length === 0 ? [] : [{ tenant: 'acme', head, records: waiting.slice(0, limit) }];
    },
    async seal(items) {
      return items.map(({ behind, records }) => {
        if (behind.seq !== head.seq || behind.hash !== head.hash) return { status: 'moved' };
        for (const { id, hash } of records) {
          const index = waiting.findIndex((record) => record.id === id);
          const [record] = waiting.splice(index, 1);
          head = { seq: head.seq + 1, hash };
          if (record !== undefined) sealed.push({ ...record, ...head });
        }
        return { status: 'sealed' };
      });
    },
  });
  const takeLease = (holder: string): void => {
    held = { holder, until: Number.POSITIVE_INFINITY, fence: (held?.fence ?? 0) + 1 };
  };
  return { waiting, sealed, asked, auditOf, leases, takeLease, headNow: () => head };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let clock: ManualClock;
let store: ReturnType<typeof sharedStore>;
let taken: Checkpoint[];
let warnings: string[];

beforeEach(() => {
  clock = createManualClock();
  store = sharedStore(clock);
  taken = [];
  warnings = [];
});

const logger: Logger = { ...silentLogger, warn: (text) => void warnings.push(text) };

interface Process {
  readonly audit?: Calls;
  readonly checkpoints?: Partial<CheckpointOptions>;
}

function process(holder: string, { audit = store.auditOf(holder), checkpoints = {} }: Process = {}) {
  const options = { sink: (checkpoint: Checkpoint) => void taken.push(checkpoint), ...checkpoints };
  const writer = createCheckpointWriter(options, { clock, logger });
  return createSealer({ storage: { audit, leases: store.leases }, clock, logger, holder, hash: sampleHash(), checkpoints: writer });
}

const add = (...numbers: readonly number[]): void => void store.waiting.push(...numbers.map((number) => sampleRecord(number)));

async function pass(ms: number, step = 250): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    clock.advance(step);
    await turn();
    await turn();
  }
}

const isValid = async (): Promise<boolean> => {
  const state = { head: store.headNow(), base: { seq: 0, hash: '' }, unsealed: store.waiting.length };
  return (await verifyChain({ tenant: 'acme', state, records: store.sealed, checkpoints: taken, hash: sampleHash() })).valid;
};

describe('the sealer', () => {
  it('seals within a second what was recorded, batch by batch, into a chain that holds', async () => {
    const sealer = process('one');
    sealer.start();
    await turn();
    add(...Array.from({ length: 1_200 }, (_, index) => index + 1));
    await pass(1_000);
    expect(store.waiting).toEqual([]);
    expect(store.sealed.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
    add(2_000);
    await pass(1_000);
    expect(store.waiting).toEqual([]);
    expect(await isValid()).toBe(true);
    await sealer.stop();
  });

  it('is one process at a time, and another when that one is gone without a word', async () => {
    const gone = process('one', {
      audit: { ...store.auditOf('one'), seal: () => new Promise(() => undefined) },
    });
    const other = process('other');
    gone.start();
    await turn();
    other.start();
    add(1);
    await pass(2_000);
    expect(new Set(store.asked)).toEqual(new Set(['one']));
    await pass(12_000);
    expect(store.sealed).toHaveLength(1);
    expect(store.asked).toContain('other');
    await other.stop();
  });

  it('lets another go on at once when it stops, and seals what waits before', async () => {
    const [one, other] = [process('one'), process('other')];
    one.start();
    await turn();
    other.start();
    await pass(1_000);
    add(1);
    await one.stop();
    expect(store.sealed).toHaveLength(1);
    store.asked.length = 0;
    add(2);
    await pass(3_000);
    expect(new Set(store.asked)).toEqual(new Set(['other']));
    expect(store.sealed).toHaveLength(2);
    await other.stop();
    await pass(5_000);
    expect(clock.pending).toBe(0);
  });

  it('gives no number twice where two seal at once, as when a lease ran out under one', async () => {
    add(1, 2, 3);
    const own = store.auditOf('slow');
    const slow = process('slow', {
      audit: {
        unsealed: own.unsealed,
        async seal(items) {
          // Meanwhile another has sealed all of it, and more has come.
          await store.auditOf('quick').seal(items.map((item) => ({ ...item, records: item.records.slice(0, 2) })));
          return own.seal(items);
        },
      },
    });
    await slow.work();
    expect(store.sealed.length).toBeGreaterThan(1);
    await process('other').work();
    expect(store.sealed.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await isValid()).toBe(true);
  });

  it('goes on after a fault of the store, and says so', async () => {
    let faults = 2;
    const own = store.auditOf('one');
    const audit: Calls = {
      ...own,
      async unsealed(request) {
        faults -= 1;
        if (faults >= 0) throw new Error('away');
        return own.unsealed(request);
      },
    };
    const sealer = process('one', { audit });
    sealer.start();
    add(1);
    await pass(10_000);
    expect(warnings).toHaveLength(2);
    expect(store.sealed).toHaveLength(1);
    await sealer.stop();
  });

  it('seals in one turn and leaves the lease to others, where nothing is started', async () => {
    add(1);
    await process('one').work();
    expect(store.sealed).toHaveLength(1);
    add(2);
    await process('other').work();
    expect(store.sealed).toHaveLength(2);
    expect(taken.map(({ seq }) => seq)).toEqual([1, 2]);
  });
});

describe('checkpoints', () => {
  it('are taken after so many records or so much time, whichever comes first, and at the end', async () => {
    const sealer = process('one', { checkpoints: { everyRecords: 10, everyMs: 60_000 } });
    sealer.start();
    await turn();
    const sealUpTo = async (from: number, to: number): Promise<number[]> => {
      add(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
      await pass(1_000);
      return taken.map(({ seq }) => seq);
    };
    expect(await sealUpTo(1, 3)).toEqual([3]);
    expect(await sealUpTo(4, 9)).toEqual([3]);
    expect(await sealUpTo(10, 13)).toEqual([3, 13]);
    expect(await sealUpTo(14, 14)).toEqual([3, 13]);
    await pass(60_000, 500);
    expect(taken.map(({ seq }) => seq)).toEqual([3, 13, 14]);
    expect(await sealUpTo(15, 15)).toEqual([3, 13, 14]);
    await sealer.stop();
    expect(taken.map(({ seq, hash }) => ({ seq, hash })).at(-1)).toEqual(store.headNow());
    expect(await isValid()).toBe(true);
  });

  it('that are refused are tried again, and a sink that hangs holds up no sealing', async () => {
    let refusals = 1;
    const sink = (checkpoint: Checkpoint): unknown => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('full');
      taken.push(checkpoint);
      return taken.length > 1 ? new Promise(() => undefined) : undefined;
    };
    const sealer = process('one', { checkpoints: { sink, everyRecords: 1 } });
    sealer.start();
    add(1);
    await pass(2_000);
    expect(warnings).toHaveLength(1);
    expect(taken.map(({ seq }) => seq)).toEqual([1]);
    for (const number of [2, 3, 4]) {
      add(number);
      await pass(1_000);
    }
    expect(store.sealed).toHaveLength(4);
  });

  it('of what a process has sealed are taken also when another seals by now', async () => {
    const one = process('one', { checkpoints: { everyRecords: 10 } });
    one.start();
    await turn();
    add(1);
    await pass(1_000);
    add(2);
    await pass(1_000);
    expect(taken.map(({ seq }) => seq)).toEqual([1]);
    // Its lease has run out under it, and another was quicker.
    store.takeLease('other');
    await pass(70_000, 500);
    expect(taken.map(({ seq }) => seq)).toEqual([1, 2]);
    await one.stop();
  });
});
