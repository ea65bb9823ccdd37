import type { Clock } from './clock/clock.ts';
import { sleep } from './clock/sleep.ts';
import type { Connector } from './connector/connector-definition.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import { failureOf } from './errors/failure-of.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { ConnectorWatch } from './gateway/resilience/create-connector-watch.ts';
import type { Logger } from './logger/logger.ts';

/** Starts and ends the connectors' own code. */
export interface Starter {
  /**
   * Initializes each connector that has not been yet, in order. Throws what the first of them throws; call it again to go on from there. One that does not
   * come to an end is left behind, and its actions wait until it does or is restarted.
   */
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
  /** Told of connectors whose code has not begun, and of those whose has after all. */
  readonly connectorWatch: Pick<ConnectorWatch, 'suspend' | 'forget'>;
}

/** Milliseconds that a connector has to initialize. */
const longestBeginMs = 30_000;

/** A starter that calls `initialize` and `shutdown` of a connector at most once each, unless it is restarted. `signal` aborts when the hub stops. */
export function createStarter(options: StarterOptions, signal: AbortSignal): Starter {
  const { registry, connectorWatch } = options;
  const initialized = new Set<Connector>();
  /** By the try at it that has not come to an end. */
  const leftBehind = new Map<Connector, Promise<void>>();
  let hasStarted = false;
  let restarting: Promise<void> = Promise.resolve();

  /** Answers false where its time was over: it is left behind then. */
  const begin = async (connector: Connector): Promise<boolean> => {
    leftBehind.delete(connector);
    const { begun, isInTime } = await beginWithin(options, connector, signal);
    if (isInTime) {
      initialized.add(connector);
      return true;
    }
    leftBehind.set(connector, begun);
    connectorWatch.suspend(connector.id);
    begun.then(
      () => {
        // Restarted meanwhile, it is another try that counts.
        if (leftBehind.get(connector) !== begun || signal.aborted) return;
        leftBehind.delete(connector);
        initialized.add(connector);
        connectorWatch.forget(connector.id);
      },
      () => undefined,
    );
    return false;
  };

  const restart = async (id: string): Promise<void> => {
    const connector = registry.list().find((each) => each.id === id);
    if (connector === undefined || !hasStarted || signal.aborted) return;
    if (initialized.delete(connector)) await shutDownWithin(options, connector);
    if (!(await begin(connector))) throw notInTime(id);
  };
  return {
    async start() {
      for (const connector of registry.list()) {
        if (initialized.has(connector) || leftBehind.has(connector)) continue;
        if (signal.aborted) throw new PatchbayError({ code: 'stopped', message: 'The hub was stopped while it began.' });
        await begin(connector);
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

async function beginWithin(
  { clock, logger }: StarterOptions,
  connector: Connector,
  signal: AbortSignal,
): Promise<{ readonly begun: Promise<void>; readonly isInTime: boolean }> {
  const abort = new AbortController();
  const patience = new AbortController();
  const begun = connector.initialize({ logger }, AbortSignal.any([signal, abort.signal]));
  const late = sleep(clock, longestBeginMs, patience.signal);
  const isInTime = await Promise.race([begun.then(() => true), late.then(() => false)]).finally(() => patience.abort());
  if (isInTime) return { begun, isInTime };
  logger.error('a connector did not initialize in time, so the hub goes on without it and its actions wait; mend it, then restart it', {
    connector: connector.id,
  });
  abort.abort(notInTime(connector.id));
  return { begun, isInTime };
}

function notInTime(id: string): PatchbayError {
  return new PatchbayError({
    code: 'timeout',
    message: `The connector ${id} did not initialize within ${longestBeginMs / 1_000} seconds. Mend its initialize, then restart the connector.`,
    retryable: true,
  });
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
