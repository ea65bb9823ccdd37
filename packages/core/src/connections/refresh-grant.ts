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
  // One that is there already is of somebody who was lost: the grace of the service runs from then, however this ends.
  const sentAt = grant.held.value.refreshSentAt ?? options.clock.now();
  // Only when its turn has come: one that is lost while it waits has sent nothing.
  const begin = async (): Promise<void> => {
    if (quirks.singleUse !== true) return;
    isOurs = await mark(options, { tenant, grant, sentAt });
    if (!isOurs) throw cannotRefresh(undefined);
  };
  const request = { client, grant: 'refresh_token', parameters: { refresh_token: refreshToken }, begin } as const;
  const asked = await requestTokens(options, request).then(
    (tokens) => ({ tokens }),
    (error: unknown) => ({ error }),
  );
  if (!isOurs) return readGrant(options, tenant, connection.id);
  if ('error' in asked) return failed(options, { tenant, grant, sentAt, error: asked.error });
  const { grantedScopes } = connection.value;
  const connector = options.registry.getFor(connection.value);
  if (grantedScopes) warnOfMore(options, { tenant, connector, before: grantedScopes, granted: asked.tokens.scopes });
  const renewed = oauthCredential({ client, tokens: asked.tokens, now: options.clock.now(), before: credential });
  const { scopes } = asked.tokens;
  await storeTokens(options, { tenant, grant, credential: renewed, scopes: scopes === 'unknown' ? null : scopes });
  return readGrant(options, tenant, connection.id);
}

interface Failure extends Mark {
  readonly error: unknown;
}

/** What failed for another reason than the grant leaves the grant as it was: its token may be sent again. */
async function failed(options: RefreshOptions, { tenant, grant, sentAt, error }: Failure): Promise<Grant | null> {
  if (isPatchbayError(error) && isGrantRefused(error.details))
    return endGrant(options, { tenant, grant, status: 'token_invalid', reason: 'refused' });
  if (grant.held.value.refreshSentAt === undefined) await keepTrying(options, () => unmark(options, { tenant, grant, sentAt }));
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

interface Mark {
  readonly tenant: string;
  /** As it was before. */
  readonly grant: Grant;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

/** Writes beside the credential that its refresh token is being sent. False where it is another by now, or somebody else is sending it. */
async function mark(options: Pick<RefreshOptions, 'store'>, { grant, sentAt, ...place }: Mark): Promise<boolean> {
  const from = grant.held.value.refreshSentAt;
  return writeMark(options, { ...place, grant, from, to: sentAt }, grant.held);
}

/** Takes it away again: also where this process was not told that it stands there. */
async function unmark(options: Pick<RefreshOptions, 'store'>, { grant, sentAt, tenant }: Mark): Promise<void> {
  const held = await options.store.find(tenant, 'credential', grant.connection.id);
  await writeMark(options, { tenant, grant, from: sentAt, to: undefined }, held);
}

interface MarkChange extends Omit<Mark, 'sentAt'> {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The row of the same credential may have been written meanwhile, as by a rewrap: then it is read again. */
async function writeMark(
  { store }: Pick<RefreshOptions, 'store'>,
  { tenant, grant, from, to }: MarkChange,
  seen: Grant['held'] | null,
): Promise<boolean> {
  for (let held = seen; ; held = await store.find(tenant, 'credential', grant.connection.id)) {
    if (held?.value.secretVersion !== grant.held.value.secretVersion || held.value.refreshSentAt !== from) return false;
    const { refreshSentAt: _, ...value } = held.value;
    const next = { ...value, ...(to === undefined ? {} : { refreshSentAt: to }) };
    const verdict = await store.write(tenant, [{ put: 'credential', id: held.id, name: held.name, expect: held.version, value: next }]);
    if (verdict.status === 'written') return true;
  }
}
