import { randomUUID } from 'node:crypto';
import { type Clock, inProcessQueue, type Queue } from '@patchbay/core/adapter';
import type { Database } from '../database/database.ts';
import { createAnnouncer } from './create-announcer.ts';
import { createEar } from './create-ear.ts';
import { parseHint } from './hint-text.ts';

/** What {@link postgresQueue} stands on. */
export interface PostgresQueueOptions {
  readonly database: Pick<Database, 'pool' | 'schema' | 'query'>;
  readonly clock: Clock;
}

/** Channel of a schema's notifications. */
export const wakeChannel = (schema: string): string => `patchbay_${schema.replaceAll('"', '')}`;

/**
 * A queue over all processes of a database: what wakes this process is announced to the others by NOTIFY, joined to one every 20 ms at most and
 * outside every transaction. A process listens while it has a listener. Notifications are hints: where none gets through, the poll finds
 * the work.
 */
export function postgresQueue({ database, clock }: PostgresQueueOptions): Queue {
  const { pool, schema } = database;
  const local = inProcessQueue(clock);
  const channel = wakeChannel(schema);
  const origin = randomUUID();
  const announcer = createAnnouncer({ database, clock, channel, origin });
  const ear = createEar({
    pool,
    clock,
    channel,
    hear(text) {
      const { origin: from, hint } = text === null ? { origin: null, hint: {} } : parseHint(text);
      if (from !== origin) void local.wake(hint);
    },
  });
  let listeners = 0;
  return {
    async wake(hint) {
      await local.wake(hint);
      announcer.announce(hint);
    },
    onWake(listener) {
      const stop = local.onWake(listener);
      let isOn = true;
      listeners += 1;
      ear.open();
      return () => {
        stop();
        if (isOn) listeners -= 1;
        isOn = false;
        if (listeners === 0) void ear.close();
      };
    },
    async close() {
      await Promise.all([local.close(), announcer.close(), ear.close()]);
    },
  };
}
