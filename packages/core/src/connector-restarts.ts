import type { Clock, Timer } from './clock/clock.ts';
import { hubScope } from './contracts/configuration-store.ts';
import type { StatePage, StateStore } from './contracts/state-store.ts';
import { failureOf } from './errors/failure-of.ts';
import type { GenerateId } from './id/generate-id.ts';
import { isJsonObject } from './json/is-json-object.ts';
import type { Logger } from './logger/logger.ts';
import type { StorageUpkeep } from './storage-upkeep.ts';

/** Restarts the code of connectors, here at once and in the other processes when they look. */
export interface ConnectorRestarts {
  /** Rejects with what the connector's own code throws here; the others restart it all the same. */
  ask(connector: string): Promise<void>;
  /** What looks for what others have asked for. */
  readonly upkeep: StorageUpkeep;
}

/** What restarting needs. */
export interface ConnectorRestartsOptions {
  readonly states: Pick<StateStore, 'list' | 'write'>;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  readonly generateId: GenerateId;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Shuts a connector of this process down and initializes it anew; does nothing for one that it does not have, or has not begun. */
  readonly restart: (connector: string) => Promise<void>;
}

const prefix = 'connector-restart:';

/** Milliseconds between two looks of a process. */
const lookMs = 60_000;

/** Makes it. Each wish has an id, so that a process knows the last one that it has followed; those from before it began are none of its business. */
export function createConnectorRestarts(options: ConnectorRestartsOptions): ConnectorRestarts {
  const { states, clock, generateId, logger, restart } = options;
  let followed: Map<string, string> | undefined;
  let timer: Timer | undefined;
  let isStarted = false;
  let nextLook = Number.NEGATIVE_INFINITY;
  let under: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    const asked = await readAll(states);
    const before = followed;
    followed = asked;
    for (const [connector, wish] of asked) {
      if (before === undefined || before.get(connector) === wish) continue;
      logger.info('a connector is restarted because an operator has asked for it', { connector });
      await restart(connector).catch((error: unknown) =>
        logger.warn('a connector could not be restarted', { connector, ...failureOf(error) }),
      );
    }
  };

  const work = (): Promise<void> => {
    if (clock.monotonic() < nextLook) return under;
    nextLook = clock.monotonic() + lookMs;
    under = under.then(look).catch((error: unknown) => {
      logger.warn('whether a connector is to be restarted could not be found out; it is tried again', failureOf(error));
    });
    return under;
  };

  const turn = (): void => {
    void work().then(() => {
      if (isStarted) timer = clock.setTimer(turn, lookMs);
    });
  };

  return {
    async ask(connector) {
      // What was asked for before, others have yet to follow by themselves.
      followed ??= await readAll(states);
      const wish = generateId();
      await states.write([{ tenant: hubScope, name: `${prefix}${connector}`, expect: 'any', value: { wish } }]);
      followed.set(connector, wish);
      await restart(connector);
    },
    upkeep: {
      start() {
        if (isStarted) return;
        isStarted = true;
        turn();
      },
      async stop() {
        isStarted = false;
        timer?.cancel();
        await under;
      },
      work,
    },
  };
}

async function readAll(states: Pick<StateStore, 'list'>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let cursor: string | null = null; ; ) {
    const page: StatePage = await states.list(hubScope, prefix, { cursor, limit: 500 });
    for (const { name, value } of page.entries)
      if (isJsonObject(value) && typeof value['wish'] === 'string') found.set(name.slice(prefix.length), value['wish']);
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}
