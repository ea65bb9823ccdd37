import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { Logger } from '../logger/logger.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import type { MovedHead } from './seal-batch.ts';

/** When points of the chains leave the database, and where they go. */
export interface CheckpointOptions {
  /** Keeps a checkpoint where whoever can write to the database cannot: another account's bucket, a log of another service. */
  readonly sink: (checkpoint: Checkpoint) => unknown;
  /** A private Ed25519 key, or a secret one for HMAC-SHA-256, of `node:crypto`. @default not signed */
  readonly key?: KeyObject;
  /** Records of a tenant after which a checkpoint is due. @default 1,000 */
  readonly everyRecords?: number;
  /** Milliseconds after which one is due where the chain has moved. @default 60,000 */
  readonly everyMs?: number;
}

/** Takes note of heads and hands checkpoints on. */
export interface CheckpointWriter {
  note(heads: readonly MovedHead[]): void;
  /** Hands on what is due, or all that is not handed on yet. One that the sink refuses is tried again with the next call. Never rejects. */
  write(options?: { readonly all?: boolean }): Promise<void>;
}

/** What is known of one tenant's checkpoints. */
interface Noted {
  readonly writtenSeq: number;
  readonly writtenAt: number;
  readonly head: MovedHead;
}

/** Writes nothing, where the host has no sink. */
const noWriter: CheckpointWriter = { note: () => undefined, write: async () => undefined };

/**
 * Keeps note per process: a tenant's first head after a start or a pause is handed on at once, which costs a checkpoint more and loses none.
 */
export function createCheckpointWriter(
  options: CheckpointOptions | null,
  { clock, logger }: { readonly clock: Pick<Clock, 'now' | 'monotonic'>; readonly logger: Logger },
): CheckpointWriter {
  if (options === null) return noWriter;
  const { sink, key = null, everyRecords = 1_000, everyMs = 60_000 } = options;
  const tenants = new Map<string, Noted>();

  const isDue = ({ writtenSeq, writtenAt, head }: Noted, now: number): boolean =>
    head.seq - writtenSeq >= everyRecords || now - writtenAt >= everyMs;

  const hand = async ({ head }: Noted): Promise<void> => {
    await sink(signCheckpoint({ ...head, at: clock.now() }, key));
    const { head: latest = head } = tenants.get(head.tenant) ?? {};
    tenants.set(head.tenant, { writtenSeq: head.seq, writtenAt: clock.monotonic(), head: latest });
  };

  return {
    note(heads) {
      for (const head of heads) {
        const { writtenSeq = 0, writtenAt = Number.NEGATIVE_INFINITY } = tenants.get(head.tenant) ?? {};
        tenants.set(head.tenant, { writtenSeq, writtenAt, head });
      }
    },
    async write({ all = false } = {}) {
      const now = clock.monotonic();
      for (const [tenant, noted] of [...tenants]) {
        const isWritten = noted.writtenSeq >= noted.head.seq;
        if (isWritten && now - noted.writtenAt >= everyMs) tenants.delete(tenant);
        if (isWritten || !(all || isDue(noted, now))) continue;
        try {
          await hand(noted);
        } catch (error) {
          logger.warn('a checkpoint of an audit chain was not taken; it is tried again', { tenant, ...failureOf(error) });
        }
      }
    },
  };
}
