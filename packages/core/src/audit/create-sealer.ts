import type { Clock, Timer } from '../clock/clock.ts';
import type { AuditStore } from '../contracts/audit-store.ts';
import type { LeaseStore } from '../contracts/control-stores.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { Logger } from '../logger/logger.ts';
import type { ChainHash } from './chain-hash.ts';
import type { CheckpointWriter } from './checkpoint-writer.ts';
import { sealBatch } from './seal-batch.ts';

/** Milliseconds between two looks for records that wait: half of the second in which they are sealed. */
const lookMs = 500;

/** Milliseconds that the lease of the sealer lasts; it is taken anew at a third of that. */
const leaseMs = 9_000;

/** Milliseconds after which a process that is not the sealer asks again whether it is to be. */
const standbyMs = 3_000;

/** Batches of one look; what is left is for the next. */
const mostBatches = 200;

const name = 'audit-sealer';

/** What sealing needs. */
export interface SealerOptions {
  readonly storage: {
    readonly audit: Pick<AuditStore, 'unsealed' | 'seal'>;
    readonly leases: Pick<LeaseStore, 'acquire' | 'release'>;
  };
  readonly clock: Clock;
  readonly logger: Logger;
  /** This process, in the lease. */
  readonly holder: string;
  readonly hash: ChainHash;
  readonly checkpoints: CheckpointWriter;
}

/** Gives records their places in the chains, one process at a time. Two at once would do no harm: a head is compared before it is moved. */
export interface Sealer {
  /** Looks twice a second from now on, where no other process does. */
  start(): void;
  /** Seals what waits, lets another process go on, and begins no more. */
  stop(): Promise<void>;
  /** Seals what waits now, unless another process does. Never rejects. */
  work(): Promise<void>;
}

/** Makes a sealer. */
export function createSealer({ storage, clock, logger, holder, hash, checkpoints }: SealerOptions): Sealer {
  let isStarted = false;
  let timer: Timer | undefined;
  let under: Promise<unknown> = Promise.resolve();
  let lease: { readonly fence: number; readonly renewAt: number } | null = null;
  let writing: Promise<void> | undefined;

  const isMine = async (): Promise<boolean> => {
    if (lease !== null && clock.monotonic() < lease.renewAt) return true;
    lease = null;
    const renewAt = clock.monotonic() + leaseMs / 3;
    const taken = await storage.leases.acquire({ name, holder, ttlMs: leaseMs });
    lease = taken && { fence: taken.fence, renewAt };
    return taken !== null;
  };

  const letGo = async (): Promise<void> => {
    if (lease === null) return;
    const { fence } = lease;
    lease = null;
    await storage.leases.release({ name, holder, fence });
  };

  /** Besides sealing, which a slow sink must not hold up. */
  const writeCheckpoints = (): void => {
    writing ??= checkpoints.write().finally(() => {
      writing = undefined;
    });
  };

  /** Answers false where another process seals. */
  const seal = async (): Promise<boolean> => {
    for (let batch = 0; batch < mostBatches; batch += 1) {
      if (!(await isMine())) return false;
      const { heads, more } = await sealBatch(storage.audit, hash);
      checkpoints.note(heads);
      if (!more) break;
    }
    return true;
  };

  const look = async (): Promise<boolean> => {
    try {
      return await seal();
    } catch (error) {
      lease = null;
      logger.warn('what was done could not be sealed; it is tried again', failureOf(error));
      return false;
    } finally {
      // Also where another process seals by now: nobody else knows how far this one had come.
      writeCheckpoints();
    }
  };

  /** One look at a time. */
  const next = (act: () => Promise<boolean>): Promise<boolean> => {
    const run = under.then(act);
    under = run;
    return run;
  };

  const turn = (): void => {
    void next(look).then((isSealer) => {
      if (isStarted) timer = clock.setTimer(turn, isSealer ? lookMs : standbyMs);
    });
  };

  const end = async (): Promise<boolean> => {
    const sealed = await look();
    await writing;
    await checkpoints.write({ all: true });
    await letGo().catch((error: unknown) => logger.debug('the lease of the sealer runs out by itself', failureOf(error)));
    return sealed;
  };

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      turn();
    },
    async stop() {
      const wasStarted = isStarted;
      isStarted = false;
      timer?.cancel();
      if (wasStarted) await next(end);
      await under;
    },
    async work() {
      await next(isStarted ? look : end);
    },
  };
}
