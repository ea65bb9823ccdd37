import type { OAuth2Credential } from '../connector/auth-method.ts';
import type { OAuth2Refresh } from '../connector/oauth2-auth.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { requestTokens } from '../oauth/request-tokens.ts';
import { isGrantRefused } from '../oauth/token-fault.ts';
import { endGrant } from './end-grant.ts';
import { findOAuthClient } from './find-oauth-client.ts';
import { mintToken } from './mint-token.ts';
import { oauthCredential } from './oauth-credential.ts';
import { readGrant } from './read-grant.ts';
import { markRefresh, type RefreshMark, settledAfterMs, unmarkRefresh } from './refresh-marks.ts';
import type { Grant, RefreshOptions } from './refresh-options.ts';
import { cannotRefresh, keepTrying, storeTokens } from './store-tokens.ts';
import { warnOfMore } from './warn-of-more.ts';

/** A grant that is to be renewed. */
export interface Renewal {
  readonly tenant: string;
  readonly grant: Grant;
  /** The service has refused its access token. */
  readonly isRefused: boolean;
}

/**
 * Renews the token of a grant, by whoever holds its lease. Answers the grant as it is afterwards, `null` where the connection is not
 * active any more. Throws where it could not be told: the grant is as it was.
 */
export async function refreshGrant(options: RefreshOptions, { tenant, grant, isRefused }: Renewal): Promise<Grant | null> {
  const { credential } = grant;
  if (credential.type !== 'oauth2') return mintToken(options, { tenant, grant, isRefused });
  const { refreshToken, expiresAt } = credential;
  if (refreshToken !== undefined) return refreshTokens(options, { tenant, grant, credential, refreshToken });
  // There is nothing to renew it with. One that should still be good was taken back at the service.
  const isOver = expiresAt !== undefined && expiresAt <= options.clock.now();
  const ending = isOver
    ? ({ status: 'token_expired', reason: 'expired' } as const)
    : ({ status: 'token_invalid', reason: 'refused' } as const);
  return endGrant(options, { tenant, grant, ...ending });
}

interface Refresh {
  readonly tenant: string;
  readonly grant: Grant;
  readonly credential: OAuth2Credential;
  readonly refreshToken: string;
}

async function refreshTokens(options: RefreshOptions, { tenant, grant, credential, refreshToken }: Refresh): Promise<Grant | null> {
  const { connection } = grant;
  const client = await clientOf(options, { tenant, connection, app: credential.app });
  const quirks = client.method.refresh ?? {};
  // Somebody sent this token and was not seen again: where it is good for once, sending it again would end the whole grant.
  if (isLost(options, grant, quirks)) return endGrant(options, { tenant, grant, status: 'token_invalid', reason: 'answer_lost' });
  let isOurs = true;
  let mayHaveLeft = false;
  // One that is there already is of somebody who was lost: the grace of the service runs from then, however this ends.
  const sentAt = grant.held.value.refreshSentAt ?? options.clock.now();
  // Only when its turn has come: one that is lost while it waits has sent nothing.
  const begin = async (): Promise<void> => {
    if (quirks.singleUse !== true) return;
    isOurs = await markRefresh(options, { tenant, grant, sentAt });
    if (!isOurs) throw cannotRefresh(undefined);
    mayHaveLeft = true;
  };
  const request = { client, grant: 'refresh_token', parameters: { refresh_token: refreshToken }, begin } as const;
  const asked = await requestTokens(options, request).then(
    (tokens) => ({ tokens }),
    (error: unknown) => ({ error }),
  );
  if (!isOurs) return readGrant(options, tenant, connection.id);
  if ('error' in asked) return failed(options, { tenant, grant, sentAt, quirks, mayHaveLeft, error: asked.error });
  const { grantedScopes } = connection.value;
  const connector = options.registry.getFor(connection.value);
  if (grantedScopes) warnOfMore(options, { tenant, connector, before: grantedScopes, granted: asked.tokens.scopes });
  const renewed = oauthCredential({ client, tokens: asked.tokens, now: options.clock.now(), before: credential });
  const { scopes } = asked.tokens;
  await storeTokens(options, { tenant, grant, credential: renewed, scopes: scopes === 'unknown' ? null : scopes });
  return readGrant(options, tenant, connection.id);
}

interface Failure extends RefreshMark {
  readonly quirks: OAuth2Refresh;
  readonly error: unknown;
  /** The request may have reached the service. */
  readonly mayHaveLeft: boolean;
}

/**
 * What failed for another reason than the grant ends no grant: its token is sent again. Where it is good for once and may have been taken without an answer,
 * only after a while: by then the server works on the first request no more, and says by its next answer what became of it.
 */
async function failed(options: RefreshOptions, { quirks, error, mayHaveLeft, ...marked }: Failure): Promise<Grant | null> {
  const { tenant, grant } = marked;
  const { refreshAgainAt, refreshSentAt } = grant.held.value;
  if (isPatchbayError(error) && isGrantRefused(error.details))
    return endGrant(options, { tenant, grant, status: 'token_invalid', reason: refreshAgainAt === undefined ? 'refused' : 'answer_lost' });
  if (quirks.singleUse !== true || refreshSentAt !== undefined) throw error;
  const isUnanswered = mayHaveLeft && !(isPatchbayError(error) && error.sent === 'no') && (quirks.graceMs ?? 0) === 0;
  const againAt = isUnanswered ? Math.ceil(options.clock.now()) + settledAfterMs : refreshAgainAt;
  await keepTrying(options, () => unmarkRefresh(options, { ...marked, againAt }));
  throw error;
}

interface ClientPlace {
  readonly tenant: string;
  readonly connection: Grant['connection'];
  readonly app: string | undefined;
}

function clientOf(options: RefreshOptions, { tenant, connection, app }: ClientPlace): Promise<OAuthClient> {
  const { connector, settings } = connection.value;
  return findOAuthClient(options, { tenant, connector: options.registry.getFor(connection.value), settings, app: app ?? connector });
}

function isLost({ clock }: Pick<RefreshOptions, 'clock'>, { held }: Grant, { singleUse, graceMs = 0 }: OAuth2Refresh): boolean {
  const { refreshSentAt } = held.value;
  return singleUse === true && refreshSentAt !== undefined && clock.now() - refreshSentAt >= graceMs;
}
