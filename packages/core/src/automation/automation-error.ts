import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';

/** The error for a definition that cannot be; `fault` begins with its place. */
export function invalidAutomation(fault: string, cause?: unknown): PatchbayError {
  return new PatchbayError({ code: 'automation_invalid', message: `The automation is not valid: ${fault}`, cause });
}

/** Runs a check and puts the place before what it throws. */
export function within<Result>(place: string, check: () => Result): Result {
  try {
    return check();
  } catch (cause) {
    if (!isPatchbayError(cause)) throw cause;
    throw invalidAutomation(`${place}: ${cause.message}`, cause);
  }
}
