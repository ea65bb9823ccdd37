import { isPatchbayError } from '../errors/patchbay-error.ts';
import { askForToken } from './ask-for-token.ts';
import { endGrant } from './end-grant.ts';
import type { HeldCredential } from './held-credential.ts';
import { readGrant } from './read-grant.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';
import { storeTokens } from './store-tokens.ts';

/** A credential with which a token is to be asked for. */
export interface Minting {
  readonly tenant: string;
  readonly grant: Grant;
  /** The service has refused the token before. */
  readonly isRefused: boolean;
}

/**
 * Asks for a token with the credential itself, and seals it with it before anybody uses it. Answers the grant as it is afterwards, `null` where the
 * connection is not active any more. Throws where it could not be told: the connection is as it was.
 */
export async function mintToken(options: RefreshOptions, { tenant, grant, isRefused }: Minting): Promise<Grant | null> {
  const { connection, credential } = grant;
  const place = { tenant, connector: options.registry.getFor(connection.value), settings: connection.value.settings };
  const asked = await askForToken(options, place, credential).then(
    (tokens) => ({ tokens }),
    (error: unknown) => ({ error }),
  );
  if ('error' in asked) {
    if (!isEnd(asked.error, credential)) throw asked.error;
    return endGrant(options, { tenant, grant, status: 'token_invalid', reason: 'refused' });
  }
  const { accessToken, expiresInMs, scopes } = asked.tokens;
  const obtainedAt = options.clock.now();
  // One that has ended before it came says only that the clocks differ.
  const end = expiresInMs === null || expiresInMs <= 0 ? {} : { expiresAt: obtainedAt + expiresInMs };
  const minted = { accessToken, obtainedAt, ...end, ...(isRefused ? { isReplacement: true } : {}) };
  await storeTokens(options, { tenant, grant, credential: { ...credential, minted }, scopes: scopes === 'unknown' ? null : scopes });
  return readGrant(options, tenant, connection.id);
}

/** What the authorization server says of a client that is the connection's own. */
const endOfClient: ReadonlySet<unknown> = new Set(['invalid_client', 'unauthorized_client']);

/** True where the server said that the grant has ended. A client that is the app's is for whoever looks after the app, and ends no connection. */
function isEnd(error: unknown, credential: HeldCredential): boolean {
  if (!isPatchbayError(error)) return false;
  const { oauthError } = error.details;
  return oauthError === 'invalid_grant' || (isOwn(credential) && endOfClient.has(oauthError));
}

/** True where the one who asks is the connection's own, and not an app that many connections share. */
function isOwn(credential: HeldCredential): boolean {
  switch (credential.type) {
    case 'client_credentials':
      return credential.clientId !== undefined;
    case 'app_installation':
      return credential.issuer !== undefined;
    default:
      return credential.type === 'service_account';
  }
}
