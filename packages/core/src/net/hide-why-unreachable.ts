import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';

/**
 * What whoever chose a URL is told when no connection was made: one error, the same to the byte, whether the guard refused the address behind
 * the name, nobody resolves it, or nothing answers. Otherwise a tenant could ask the host's own resolver and network by registering URLs.
 * A fault of the certificate keeps its own error, because only a public service can have shown one; so does all that may have been sent.
 */
export function hideWhyUnreachable(error: unknown): unknown {
  return isPatchbayError(error) && error.sent === 'no' && isUnreachable(error) ? unreachable() : error;
}

function isUnreachable({ code, retryable }: PatchbayError): boolean {
  if (code === 'egress_refused') return true;
  return code === 'timeout' || (code === 'network' && retryable);
}

function unreachable(): PatchbayError {
  return new PatchbayError({
    code: 'network',
    message:
      'The service could not be reached, so nothing was sent. Check that its name resolves to public addresses only and that a server answers there.',
    retryable: true,
    sent: 'no',
    details: { reason: 'unreachable' },
  });
}
