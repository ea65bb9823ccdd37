import { PatchbayError } from '../errors/patchbay-error.ts';
import type { StreamLimits } from './transmit-stream.ts';

const usual: StreamLimits = { maximumBytes: 1_073_741_824, idleMs: 30_000 };

/** The limits of one streamed answer. Throws `invalid_argument` for one that is no whole number above zero. */
export function streamLimits(given: { readonly maximumBytes?: number; readonly idleMs?: number }): StreamLimits {
  const { maximumBytes = usual.maximumBytes, idleMs = usual.idleMs } = given;
  if ([maximumBytes, idleMs].every((limit) => Number.isSafeInteger(limit) && limit > 0)) return { maximumBytes, idleMs };
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'The maximumBytes and idleMs of a stream are whole numbers above zero. Correct the call.',
    sent: 'no',
  });
}
