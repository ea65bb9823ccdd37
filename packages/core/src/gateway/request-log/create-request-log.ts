import type { Clock, Timer } from '../../clock/clock.ts';
import type { JournalEntry, JournalStore } from '../../contracts/journal-store.ts';
import { failureOf } from '../../errors/failure-of.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Json } from '../../json/json.ts';
import type { Logger } from '../../logger/logger.ts';
import type { Metering } from '../../telemetry/metering.ts';
import type { CallEnding, CallGuard, GuardedCall } from '../call-guard.ts';
import { logLineOf, verdictOf } from './log-line-of.ts';
import { requestStream } from './logged-request.ts';

/** What logging requests needs. */
export interface RequestLogOptions {
  readonly journal: Pick<JournalStore, 'append'>;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly metering: Metering | null;
  /** Share of the requests that went well which are kept, 0 to 1. Those that failed are all kept. */
  readonly successShare: number;
}

/** Keeps a log of what was asked of services. */
export interface RequestLog extends CallGuard {
  /** Writes what has been collected. Never rejects. */
  flush(): Promise<void>;
}

/** Milliseconds between writes. */
const flushEvery = 1_000;

/** Entries of one write: as many as a journal takes. */
const atOnce = 500;

/** Entries that wait at most: about 2 MiB. Those of requests that went well leave the last fifth to the others, and one tenant the half to the rest. */
const most = { all: 5_000, wentWell: 4_000, ofTenant: 2_500 };

/**
 * Collects in memory and writes once a second; no request ever waits for it. What there is no room for is dropped, counted and told. A batch that
 * could not be written is offered again as it was: its ids are its keys, so where only the answer was lost nothing is there twice.
 */
export function createRequestLog(options: RequestLogOptions): RequestLog {
  const { journal, clock, generateId, random, logger, metering, successShare } = options;
  let waiting: JournalEntry[] = [];
  let ofTenant = new Map<string, number>();
  let unsent: readonly JournalEntry[] = [];
  let dropped = 0;
  let isFailing = false;
  let timer: Timer | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const send = async (): Promise<void> => {
    if (dropped > 0) logger.warn('requests were not logged, because the log has no room', { count: dropped });
    dropped = 0;
    while (unsent.length > 0 || waiting.length > 0) {
      if (unsent.length === 0) {
        unsent = waiting.slice(0, atOnce);
        waiting = waiting.slice(atOnce);
        if (waiting.length === 0) ofTenant = new Map();
      }
      await journal.append(unsent);
      unsent = [];
      isFailing = false;
    }
  };

  const stopTimer = (): void => {
    timer?.cancel();
    timer = undefined;
  };

  const flushSoon = (): void => {
    timer ??= clock.setTimer(() => void write(true), flushEvery);
  };

  /** `goesOn`: what could not be written is tried again by itself; else with the next request. */
  const write = async (goesOn: boolean): Promise<void> => {
    stopTimer();
    flushing = flushing.then(send).catch((error: unknown) => {
      if (!isFailing) logger.warn('the log of requests could not be written; it is tried until it can', failureOf(error));
      isFailing = true;
      if (goesOn) flushSoon();
    });
    await flushing;
    if (!goesOn) stopTimer();
  };

  const hasRoom = (tenant: string, wentWell: boolean): boolean =>
    waiting.length < (wentWell ? most.wentWell : most.all) && (ofTenant.get(tenant) ?? 0) < most.ofTenant;

  const keep = (call: GuardedCall, ending: CallEnding): void => {
    const { tenant, connection } = call;
    flushSoon();
    if (!hasRoom(tenant, ending.fault === null)) {
      dropped += 1;
      metering?.record('patchbay.request_log.dropped', 1, {}, tenant);
      return;
    }
    const line = logLineOf(call, ending);
    ofTenant.set(tenant, (ofTenant.get(tenant) ?? 0) + 1);
    // Named members alone, all of them JSON.
    const value: Json = { ...line };
    waiting.push({
      id: generateId(),
      tenant,
      stream: requestStream,
      subject: connection.id,
      verdict: verdictOf(line),
      at: clock.now(),
      value,
    });
  };

  return {
    flush: () => write(false),
    admit: () => undefined,
    ended(call, ending) {
      if (ending.fault !== null || successShare === 1 || random() < successShare) keep(call, ending);
    },
  };
}
