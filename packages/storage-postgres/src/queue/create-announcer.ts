import type { Clock, Timer, Wake } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { hintText, joinHints } from './hint-text.ts';

/** Milliseconds between two notifications of one process: each takes a lock that commits with notifications wait for. */
const pauseMs = 20;

const statement: Statement = { name: 'notify', text: () => 'select pg_catalog.pg_notify($1, $2)' };

/** Tells other processes of work. */
export interface Announcer {
  /** Tells them soon; never fails. */
  announce(hint: Wake): void;
  /** Tells them no more, and waits for what is under way. */
  close(): Promise<void>;
}

/** What an announcer needs. */
export interface AnnouncerOptions {
  readonly database: Pick<Database, 'query'>;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  readonly channel: string;
  readonly origin: string;
}

/**
 * Makes an announcer. The first hint goes at once, on a connection of its own turn and so outside every transaction; what comes within the
 * pause, or while one is under way, is joined to the next.
 */
export function createAnnouncer({ database, clock, channel, origin }: AnnouncerOptions): Announcer {
  let waiting: Wake | undefined;
  let timer: Timer | undefined;
  let under: Promise<void> | undefined;
  let earliest = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const send = async (hint: Wake): Promise<void> => {
    // A notification that is lost costs a poll interval.
    await database.query(statement, [channel, hintText(origin, hint)]).catch(() => undefined);
    under = undefined;
    flush();
  };

  const flush = (): void => {
    if (waiting === undefined || isClosed || under !== undefined || timer !== undefined) return;
    const pause = earliest - clock.monotonic();
    if (pause > 0) {
      timer = clock.setTimer(() => {
        timer = undefined;
        flush();
      }, pause);
      return;
    }
    earliest = clock.monotonic() + pauseMs;
    const hint = waiting;
    waiting = undefined;
    under = send(hint);
  };

  return {
    announce(hint) {
      waiting = waiting === undefined ? hint : joinHints(waiting, hint);
      flush();
    },
    async close() {
      isClosed = true;
      timer?.cancel();
      await under;
    },
  };
}
