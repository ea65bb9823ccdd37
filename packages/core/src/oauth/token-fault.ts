import { PatchbayError, type Sent } from '../errors/patchbay-error.ts';

/**
 * The error for a grant that the authorization server refused with a code of RFC 6749, section 5.2. `invalid_grant` alone says that the
 * grant has ended; what concerns the app is for whoever looks after its registration.
 */
export function tokenRefused(error: string): PatchbayError {
  switch (error) {
    case 'invalid_grant':
      return refused(error, 'The service does not accept the permission any more, or it was given elsewhere. Connect the account again.');
    case 'invalid_client':
    case 'unauthorized_client':
      return refused(error, 'The service does not accept the app itself. Check the client id and the client secret of its registration.');
    case 'invalid_scope':
      return refused(error, 'The service does not know a scope that was asked for. Check which scopes its app may have.');
    case 'temporarily_unavailable':
    case 'server_error':
    case 'slow_down':
      return new PatchbayError({
        code: 'provider_unavailable',
        message: 'The authorization server is not available at the moment. Nothing is lost; try again in a while.',
        retryable: true,
        sent: error === 'server_error' ? 'maybe' : 'no',
        details: { oauthError: error },
      });
    default:
      return refused(error, 'The authorization server does not give a token. Look at the code that it names in its documentation.');
  }
}

/** True where the server said that the grant itself has ended. */
export const isGrantRefused = (details: Readonly<Record<string, unknown>>): boolean => details['oauthError'] === 'invalid_grant';

/** The error for an answer that is no token answer, and may have been meant as one. Nothing of it is repeated: it could hold a token. */
export const answerInvalid = (sent: Sent = 'maybe'): PatchbayError =>
  new PatchbayError({
    code: 'response_invalid',
    message: 'The authorization server answered with something that is no usable bearer token. Check the address of its token endpoint.',
    sent,
  });

function refused(error: string, message: string): PatchbayError {
  return new PatchbayError({ code: 'authentication_failed', message, sent: 'no', details: { oauthError: error } });
}
