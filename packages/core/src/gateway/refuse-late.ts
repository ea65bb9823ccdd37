import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';

/** Throws where a call is over before its request is sent: it was taken back, or its time has passed. */
export function refuseLate({ clock }: Pick<GatewayOptions, 'clock'>, session: Pick<SessionOptions, 'signal' | 'deadline' | 'key'>): void {
  if (session.signal.aborted) {
    const reason: unknown = session.signal.reason;
    const code = isPatchbayError(reason) && reason.code === 'lease_lost' ? 'lease_lost' : 'aborted';
    throw new PatchbayError({ code, message: 'The call was taken back before it was sent.', retryable: true, sent: 'no' });
  }
  if (clock.monotonic() < session.deadline()) return;
  const isDispatch = session.key !== null;
  throw new PatchbayError({
    code: isDispatch ? 'lease_lost' : 'timeout',
    message: `The time for this call is over, so it is not sent${isDispatch ? ': another worker may have it' : '. Give it more time'}.`,
    retryable: true,
    sent: 'no',
  });
}
