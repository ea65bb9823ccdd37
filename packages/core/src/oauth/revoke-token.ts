import { isPatchbayError } from '../errors/patchbay-error.ts';
import { authenticationOf } from './client-authentication.ts';
import type { OAuthClient } from './oauth-client.ts';
import { revokeAsDescribed } from './revoke-as-described.ts';
import { callerOf, clientOf, serverOf } from './server-of.ts';
import { answerInvalid, tokenRefused } from './token-fault.ts';
import { postToServer, type TokenNetwork } from './token-transport.ts';

/** A token to be taken back. */
export interface Revocation {
  readonly client: OAuthClient;
  readonly token: string;
  readonly kind: 'refresh_token' | 'access_token';
}

/**
 * Has a token taken back, by RFC 7009 or as the connector says. A token that the server does not know is one that is taken back. Throws retryable errors where it cannot be
 * told, and `authentication_failed` where the server does not accept the app.
 */
export async function revokeToken(through: TokenNetwork, { client, token, kind }: Revocation): Promise<void> {
  const { revocation } = client.method;
  if (revocation !== undefined) return revokeAsDescribed(through, { client, token }, revocation);
  const { allowInsecureRequests, customFetch, processRevocationResponse, ResponseBodyError, revocationRequest } = await import(
    'oauth4webapi'
  );
  const send = async (url: string, { body, headers }: { readonly body: URLSearchParams; readonly headers: Record<string, string> }) => {
    const list = Object.entries(headers).filter(([name]) => name !== 'user-agent');
    const { status, body: answer } = await postToServer(through, {
      url,
      caller: callerOf(client),
      headers: list.flat(),
      body: body.toString(),
    });
    // Services answer success with more than the one status that RFC 7009 names.
    return status < 300
      ? new Response(null)
      : new Response(Buffer.from(answer), { status, headers: { 'content-type': 'application/json' } });
  };
  try {
    const options = { [customFetch]: send, [allowInsecureRequests]: true, additionalParameters: { token_type_hint: kind } } as const;
    const proof = await authenticationOf(client, through.clock);
    await processRevocationResponse(await revocationRequest(serverOf(client), clientOf(client), proof, token, options));
  } catch (error) {
    if (isPatchbayError(error)) throw error;
    throw error instanceof ResponseBodyError ? tokenRefused(error.error) : answerInvalid();
  }
}
