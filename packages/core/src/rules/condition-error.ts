import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';

/** Says what is wrong with a condition and where in it, for example at `all[1].value`. Code `condition_invalid`. */
export function invalidCondition(place: string, reason: string, cause?: unknown): PatchbayError {
  const details = isPatchbayError(cause) ? cause.details : {};
  return new PatchbayError({
    code: 'condition_invalid',
    message: `The condition is not valid at ${place === '' ? 'its root' : place}: ${reason}`,
    cause,
    details: { ...details, place },
  });
}
