import type { Clock, Timer } from '@patchbay/core/adapter';
import pg, { type Pool } from 'pg';

/** Milliseconds until a lost connection is made again: doubled by each failure in a row, up to the longest. */
const shortestWaitMs = 500;
const longestWaitMs = 30_000;

/** Hears what other processes announce, while somebody listens. */
export interface Ear {
  /** Listens from now on. */
  open(): void;
  /** Listens no more, and ends the connection. */
  close(): Promise<void>;
}

/** What an ear needs. */
export interface EarOptions {
  readonly pool: Pool;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly channel: string;
  /** Called for each notification; with `null` when it listens again, as some may have been missed. */
  readonly hear: (text: string | null) => void;
}

/**
 * Makes an ear. It has a connection of its own, with the settings of the pool's: one of the pool's would be missing there. Without one, as
 * behind a pooler that passes no notifications on, others' work is found by the poll.
 */
export function createEar({ pool, clock, channel, hear }: EarOptions): Ear {
  let wanted = false;
  let client: pg.Client | undefined;
  let timer: Timer | undefined;
  let failures = 0;

  const retry = (): void => {
    if (!wanted || timer !== undefined) return;
    const wait = Math.min(longestWaitMs, shortestWaitMs * 2 ** Math.min(failures, 10));
    failures += 1;
    timer = clock.setTimer(() => {
      timer = undefined;
      connect();
    }, wait);
  };

  const lose = (lost: pg.Client): void => {
    if (client !== lost) return;
    client = undefined;
    void lost.end().catch(() => undefined);
    retry();
  };

  const listen = async (fresh: pg.Client): Promise<void> => {
    fresh.on('error', () => lose(fresh));
    fresh.on('end', () => lose(fresh));
    fresh.on('notification', ({ payload }) => hear(payload ?? ''));
    try {
      await fresh.connect();
      await fresh.query(`listen "${channel}"`);
    } catch {
      lose(fresh);
      return;
    }
    failures = 0;
    if (client === fresh) hear(null);
  };

  const connect = (): void => {
    if (!wanted || client !== undefined) return;
    client = new pg.Client(pool.options);
    void listen(client);
  };

  return {
    open() {
      wanted = true;
      connect();
    },
    async close() {
      wanted = false;
      timer?.cancel();
      timer = undefined;
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
