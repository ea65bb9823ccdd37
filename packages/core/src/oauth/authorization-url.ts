import { createHash } from 'node:crypto';
import { isReservedParameter } from '../connector/oauth2-fault.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from './oauth-client.ts';

/** What an authorization URL carries besides the client. */
export interface AuthorizationRequest {
  readonly client: OAuthClient;
  readonly state: string;
  /** PKCE verifier; `null` where the provider cannot. */
  readonly verifier: string | null;
  readonly nonce: string | null;
  readonly scopes: readonly string[];
  /** What whoever begins adds; each name must be one that the connector allows. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Where a person is sent to give the permission. Throws `invalid_argument` for a parameter that the connector does not allow. */
export function authorizationUrl({ client, state, verifier, nonce, scopes, parameters }: AuthorizationRequest): string {
  const { method } = client;
  checkParameters(parameters, method.allowedParameters ?? []);
  const url = new URL(client.authorizationUrl);
  const given = {
    ...method.parameters,
    ...parameters,
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    state,
    ...(scopes.length > 0 ? { [method.scopeParameter ?? 'scope']: scopes.join(method.scopeSeparator ?? ' ') } : {}),
    ...(verifier === null ? {} : { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }),
    ...(nonce === null ? {} : { nonce }),
  };
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  return url.href;
}

/** RFC 7636, section 4.2. */
function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function checkParameters(parameters: Readonly<Record<string, string>>, allowed: readonly string[]): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (allowed.includes(name) && !isReservedParameter(name) && typeof value === 'string' && value.length <= 1_024) continue;
    const choices = allowed.length === 0 ? 'It takes none' : `It takes: ${allowed.join(', ')}`;
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The connector does not take the parameter ${name.slice(0, 100)} for connecting. ${choices}, each a text of at most 1024 characters.`,
    });
  }
}
