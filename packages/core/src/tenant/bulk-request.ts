import { PatchbayError } from '../errors/patchbay-error.ts';
import { checkKey } from './check-text.ts';
import { checkWindow, type TimeWindow } from './check-window.ts';

/** What every call over many things takes. */
export interface BulkRequest<Progress> extends TimeWindow {
  /** Most things that one call starts, 1 to 10,000; the answer's cursor goes on behind them. @default 1000 */
  readonly limit?: number;
  /** What an earlier call with the same query answered. @default the oldest */
  readonly cursor?: string | null;
  /** Answers what would be started, and stores nothing. @default false */
  readonly dryRun?: boolean;
  /** Ends the call between two pages; what it has come to is answered with a cursor. @default none */
  readonly signal?: AbortSignal;
  /** Told after each page how far the call has come. What it throws ends the call. @default nobody */
  readonly onProgress?: (progress: Progress) => void;
}

/** The parts of a request that every call over many things checks alike. */
export interface BulkBounds {
  readonly limit: number;
  readonly cursor: string | null;
  readonly dryRun: boolean;
  readonly idempotencyKey: string | undefined;
}

/** Most that one call may start, so that nobody starts everything by a slip. */
const mostAtOnce = 10_000;

/** Throws `invalid_argument` for a limit, cursor, window or key that is none. */
export function checkBulk(request: BulkRequest<never> & { readonly idempotencyKey?: string }): BulkBounds {
  const { limit = 1_000, cursor = null, dryRun = false } = request;
  if (!Number.isInteger(limit) || limit < 1 || limit > mostAtOnce)
    throw invalid(`The limit of one call is a whole number from 1 to ${mostAtOnce}. Go on with the cursor that it answers.`);
  if (cursor !== null && typeof cursor !== 'string') throw invalid('The cursor is what an earlier call with the same query answered.');
  if (typeof dryRun !== 'boolean') throw invalid('dryRun is true or false.');
  checkWindow(request);
  return { limit, cursor, dryRun, idempotencyKey: checkKey(request.idempotencyKey, 'idempotency key') };
}

/** A request that cannot be meant. */
export function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
