import type { Clock, Timer } from '../clock/clock.ts';
import type { JournalEntry, JournalStore } from '../contracts/journal-store.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { Logger } from '../logger/logger.ts';

/** Looks at services in the journal. */
export const checkStream = 'check';

/** A look at the service of a connection, as the history keeps it. */
export interface LoggedCheck {
  readonly healthy: boolean;
  /** For a person; it holds no secret. */
  readonly message: string;
  readonly latencyMs: number;
  /** The account that the service named; `null` where it named none. */
  readonly account: { readonly id: string; readonly name: string } | null;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  /** The hub by itself, or somebody who asked. */
  readonly by: 'hub' | 'host';
}

/** Keeps the looks at services until they are written. */
export interface CheckLog {
  add(place: { readonly tenant: string; readonly connection: string }, check: LoggedCheck): void;
  /** Writes what is kept. Never rejects. */
  flush(): Promise<void>;
}

/** Looks that are kept between two writes; of more than that the history has a gap. */
const mostKept = 10_000;

/** Milliseconds between two writes. */
const flushEvery = 1_000;

/** Entries of one call of the store. */
const mostAtOnce = 500;

/** Makes the log. What could not be written is offered again as it was: an entry whose answer was lost is there once. */
export function createCheckLog(options: {
  readonly journal: Pick<JournalStore, 'append'>;
  readonly generateId: GenerateId;
  readonly clock: Pick<Clock, 'setTimer'>;
  readonly logger: Pick<Logger, 'warn'>;
}): CheckLog {
  const { journal, generateId, clock, logger } = options;
  let timer: Timer | undefined;
  const kept: JournalEntry[] = [];
  let flushing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    while (kept.length > 0) {
      const page = kept.slice(0, mostAtOnce);
      await journal.append(page);
      kept.splice(0, page.length);
    }
  };

  const flush = (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    flushing = flushing.then(write).catch((error: unknown) => {
      logger.warn('looks at connections could not be written to their history; it is tried again', failureOf(error));
    });
    return flushing;
  };

  return {
    flush,
    add({ tenant, connection }, check) {
      if (kept.length >= mostKept) return;
      const { healthy, checkedAt } = check;
      const entry = { id: generateId(), tenant, stream: checkStream, subject: connection, verdict: healthy ? 'ok' : 'failed' };
      timer ??= clock.setTimer(() => void flush(), flushEvery);
      kept.push({ ...entry, at: checkedAt, value: { ...check, account: check.account === null ? null : { ...check.account } } });
    },
  };
}

/** What {@link CheckLog.add} wrote; `null` for what is none. */
export function readCheck(value: Json): LoggedCheck | null {
  if (!isJsonObject(value)) return null;
  const { healthy, message, latencyMs, account, checkedAt, by } = value;
  if (typeof healthy !== 'boolean' || typeof message !== 'string' || typeof latencyMs !== 'number' || typeof checkedAt !== 'number')
    return null;
  return { healthy, message, latencyMs, account: accountOf(account), checkedAt, by: by === 'hub' ? 'hub' : 'host' };
}

function accountOf(value: Json | undefined): LoggedCheck['account'] {
  if (!isJsonObject(value)) return null;
  const { id, name } = value;
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : null;
}
