import type { Clock, Timer } from './clock/clock.ts';
import type { LeaseStore } from './contracts/control-stores.ts';
import type { Logger } from './logger/logger.ts';

/** The look is a part of the hour, so that a lost process is followed soon. */
const hourly: UpkeepFigures = { name: 'storage-upkeep', everyMs: 3_600_000, lookMs: 600_000 };

/** What upkeep needs. */
export interface StorageUpkeepOptions {
  readonly storage: { maintain?(): Promise<void>; readonly leases: Pick<LeaseStore, 'acquire' | 'release'> };
  readonly clock: Clock;
  readonly logger: Logger;
  /** This process, in the lease. */
  readonly holder: string;
  /** @default once an hour, looked for every ten minutes */
  readonly figures?: UpkeepFigures;
}

/** How often. */
export interface UpkeepFigures {
  /** Name of the lease. */
  readonly name: string;
  /** Milliseconds between two times, over all processes. */
  readonly everyMs: number;
  /** Milliseconds until a process looks again whether it is its turn. */
  readonly lookMs: number;
}

/** Has the storage maintained: made ready for what comes, and rid of what is past retention. */
export interface StorageUpkeep {
  /** Does it now and then from now on. */
  start(): void;
  /** Begins no more, and waits for what is under way. */
  stop(): Promise<void>;
  /** Does it now, where this process has not looked for a while and nobody has done it within the hour. Never rejects. */
  work(): Promise<void>;
}

/** Makes the upkeep of a storage; one that keeps itself in order is left alone. */
export function createStorageUpkeep({ storage, clock, logger, holder, figures = hourly }: StorageUpkeepOptions): StorageUpkeep {
  const { name, everyMs, lookMs } = figures;
  let isStarted = false;
  let timer: Timer | undefined;
  let under: Promise<void> = Promise.resolve();
  let nextLook = Number.NEGATIVE_INFINITY;

  const take = async (): Promise<void> => {
    // The lease is kept to its end: whoever asks within that time is answered no.
    const lease = await storage.leases.acquire({ name, holder, ttlMs: everyMs });
    if (!lease) return;
    try {
      await storage.maintain?.();
      nextLook = clock.monotonic() + everyMs;
    } catch (error) {
      await storage.leases.release({ name, holder, fence: lease.fence });
      throw error;
    }
  };

  const work = (): Promise<void> => {
    if (!storage.maintain || clock.monotonic() < nextLook) return under;
    nextLook = clock.monotonic() + lookMs;
    under = take().catch((error: unknown) => {
      logger.warn('the storage could not be maintained; it is tried again', {
        upkeep: name,
        error: error instanceof Error ? error.name : typeof error,
      });
    });
    return under;
  };

  const turn = (): void => {
    void work().then(() => {
      if (isStarted) timer = clock.setTimer(turn, lookMs);
    });
  };

  return {
    start() {
      if (!storage.maintain || isStarted) return;
      isStarted = true;
      turn();
    },
    async stop() {
      isStarted = false;
      timer?.cancel();
      await under;
    },
    work,
  };
}
