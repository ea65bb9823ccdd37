import { isErrorCode } from './error-class.ts';
import { isPatchbayError, PatchbayError } from './patchbay-error.ts';

/**
 * What code of others has thrown, in a form that can be looked at: an error of the hub is copied, without its cause, once all that it says has been read;
 * one that throws when it is looked at, or says what no error can, becomes `internal`. Anything else stays what it is.
 */
export function soundError(thrown: unknown): unknown {
  try {
    if (!isPatchbayError(thrown)) return thrown;
    // Another's code may have put anything there; each is checked below.
    const said: { readonly [Name in keyof PatchbayError]?: unknown } = thrown;
    const { code, message, retryable, details, sent, retryAfterMs } = said;
    if (typeof code !== 'string' || !isErrorCode(code) || typeof message !== 'string') return hostile();
    return new PatchbayError({
      code,
      message,
      retryable: retryable === true,
      details: factsOf(details),
      ...(sent === 'no' || sent === 'maybe' ? { sent } : {}),
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    });
  } catch {
    return hostile();
  }
}

/** Of the details what is plain: texts, numbers, yes and no. */
function factsOf(details: unknown): Readonly<Record<string, string | number | boolean>> {
  if (typeof details !== 'object' || details === null) return {};
  const facts: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') facts[name] = value;
  }
  return facts;
}

function hostile(): PatchbayError {
  return new PatchbayError({ code: 'internal', message: 'Code outside the hub threw something that cannot be looked at.' });
}
