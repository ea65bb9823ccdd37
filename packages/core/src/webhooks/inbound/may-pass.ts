import type { ErrorCode } from '../../errors/error-code.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';

/** What the hub says of itself while it or its store cannot serve. */
const passing: ReadonlySet<ErrorCode> = new Set(['not_ready', 'overloaded', 'stopped', 'storage_unavailable']);

/** True for a failure that the same delivery may not meet again. What is no error of the hub's own is taken for one that passes. */
export function mayPass(error: unknown): boolean {
  return !isPatchbayError(error) || error.retryable || passing.has(error.code);
}
