import type { OAuth2Revocation } from '../connector/oauth2-auth.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from './oauth-client.ts';
import { callerOf } from './server-of.ts';
import { errorOfAnswer } from './token-answer.ts';
import { tokenRefused } from './token-fault.ts';
import { postToServer, type TokenCall, type TokenNetwork } from './token-transport.ts';

interface Proof {
  readonly authorization?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

interface HeldToken {
  readonly client: OAuthClient;
  readonly token: string;
}

/** Has a token taken back as the connector describes it. Throws as for RFC 7009, and `provider_rejected` for a refusal without a code. */
export async function revokeAsDescribed(through: TokenNetwork, revocation: HeldToken, described: OAuth2Revocation): Promise<void> {
  const { client } = revocation;
  const { status, body } = await postToServer(through, revocationCall(revocation, described));
  const own = errorOfAnswer(body);
  const gone = described.gone ?? [];
  if (gone.includes(status) || (own !== undefined && gone.includes(own))) return;
  const error = errorOfAnswer(body, client.method.answer);
  if (error !== undefined) throw tokenRefused(error);
  if (status >= 300) throw notTakenBack(status);
}

function revocationCall({ client, token }: HeldToken, described: OAuth2Revocation): TokenCall {
  const { method = 'POST', tokenIn, tokenField = 'token', headers: own = {} } = described;
  const proof = proofOf(client, described);
  const authorization = tokenIn === 'bearer' ? `Bearer ${token}` : proof.authorization;
  const isBody = tokenIn === 'form' || tokenIn === 'json';
  const fields = isBody ? { [tokenField]: token, ...proof.fields } : {};
  const headers = new Headers({ accept: 'application/json', ...own, ...(authorization === undefined ? {} : { authorization }) });
  const body = tokenIn === 'json' ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  if (body !== '') headers.set('content-type', tokenIn === 'json' ? 'application/json' : 'application/x-www-form-urlencoded');
  const url = (client.revocationUrl ?? '').replace('{token_value}', () => encodeURIComponent(token));
  return { url, caller: callerOf(client), method, headers: [...headers].flat(), ...(body === '' ? {} : { body }) };
}

/**
 * What proves the app. In HTTP Basic id and secret stand as they are: what RFC 6749 has encoded first, an API besides OAuth would take for
 * another name.
 */
function proofOf({ clientId, secret, method }: OAuthClient, { tokenIn, clientAuthentication }: OAuth2Revocation): Proof {
  const way = clientAuthentication ?? (tokenIn === 'bearer' ? 'none' : (method.clientAuthentication ?? 'basic'));
  const text = way === 'none' ? undefined : secret?.reveal('authenticate the app where its grants are taken back');
  if (text === undefined) return {};
  if (way === 'post') return { fields: { client_id: clientId, client_secret: text } };
  return { authorization: `Basic ${Buffer.from(`${clientId}:${text}`).toString('base64')}` };
}

function notTakenBack(status: number): PatchbayError {
  return new PatchbayError({
    code: 'provider_rejected',
    message: `The service did not take the permission back (status ${status}). Take the app away in the account's settings there.`,
    details: { status },
  });
}
