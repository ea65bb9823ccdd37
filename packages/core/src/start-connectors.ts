import type { Clock } from './clock/clock.ts';
import { sleep } from './clock/sleep.ts';
import type { Connector } from './connector/connector-definition.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import { failureOf } from './errors/failure-of.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { Logger } from './logger/logger.ts';

/** Starts and ends the connectors' own code. */
export interface Starter {
  /** Initializes each connector that has not been yet, in order. Throws what the first of them throws; call it again to go on from there. */
  start(): Promise<void>;
  /**
   * Shuts a connector down and initializes it anew; one that its code could not begin again is begun by the next restart. Does nothing for one that this process does
   * not have, or before the first start. Throws what its code throws.
   */
  restart(id: string): Promise<void>;
  /** Shuts down those that were initialized. Code that does not end within the grace is left behind. Never throws. */
  shutDown(): Promise<void>;
}

/** What starting needs. */
export interface StarterOptions {
  readonly registry: Pick<ConnectorRegistry, 'list'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly graceMs: number;
}

/** A starter that calls `initialize` and `shutdown` of a connector at most once each, unless it is restarted. `signal` aborts when the hub stops. */
export function createStarter(options: StarterOptions, signal: AbortSignal): Starter {
  const { registry, logger } = options;
  const initialized = new Set<Connector>();
  let hasStarted = false;
  let restarting: Promise<void> = Promise.resolve();

  const restart = async (id: string): Promise<void> => {
    const connector = registry.list().find((each) => each.id === id);
    if (connector === undefined || !hasStarted || signal.aborted) return;
    if (initialized.delete(connector)) await shutDownWithin(options, connector);
    await connector.initialize({ logger }, signal);
    initialized.add(connector);
  };
  return {
    async start() {
      for (const connector of registry.list()) {
        if (initialized.has(connector)) continue;
        if (signal.aborted) throw new PatchbayError({ code: 'stopped', message: 'The hub was stopped while it began.' });
        await connector.initialize({ logger }, signal);
        initialized.add(connector);
      }
      hasStarted = true;
    },
    restart(id) {
      const begun = restarting.then(() => restart(id));
      restarting = begun.catch(() => undefined);
      return begun;
    },
    async shutDown() {
      await Promise.all([...initialized].map((connector) => shutDownWithin(options, connector)));
    },
  };
}

async function shutDownWithin({ clock, logger, graceMs }: StarterOptions, connector: Connector): Promise<void> {
  const abort = new AbortController();
  const patience = new AbortController();
  const ended = connector.shutdown(abort.signal).catch((error: unknown) =>
    logger.warn('a connector did not shut down well', {
      connector: connector.id,
      ...failureOf(error),
    }),
  );
  await Promise.race([ended, sleep(clock, graceMs, patience.signal)]);
  patience.abort();
  abort.abort(new PatchbayError({ code: 'stopped', message: 'The hub stops.' }));
}
