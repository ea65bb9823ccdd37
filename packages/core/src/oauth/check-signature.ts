import type { OAuthClient } from './oauth-client.ts';
import { callerOf, serverOf } from './server-of.ts';
import { readFromServer, type TokenNetwork } from './token-transport.ts';

/**
 * Checks the signature of the ID token in an answer that has been processed, with the keys that the issuer's metadata name. The token's `kid` chooses
 * among them, and is used for nothing else. Throws for a signature that is not theirs, and what the network throws.
 */
export async function checkSignature(through: TokenNetwork, client: OAuthClient, answer: Response): Promise<void> {
  const { allowInsecureRequests, customFetch, validateApplicationLevelSignature } = await import('oauth4webapi');
  const read = async (url: string): Promise<Response> => {
    const { status, body } = await readFromServer(through, { url, caller: callerOf(client) });
    return new Response(Buffer.from(body), { status, headers: { 'content-type': 'application/json' } });
  };
  await validateApplicationLevelSignature(serverOf(client), answer, { [customFetch]: read, [allowInsecureRequests]: true });
}
