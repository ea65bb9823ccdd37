import type { AuthorizationServer, Client } from 'oauth4webapi';
import type { OAuthClient } from './oauth-client.ts';
import type { Caller } from './token-transport.ts';

/** Signatures that only the server can make: neither none nor one with the client's own secret, whatever the server lists. */
const isSigned = /^(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519)$/;

/** The authorization server of a client, as oauth4webapi knows it. One whose issuer is not known is named by its token endpoint's origin. */
export function serverOf({
  issuer,
  tokenUrl,
  revocationUrl,
  jwksUrl,
  requiresIssuer,
  idTokenAlgorithms,
}: OAuthClient): AuthorizationServer {
  return {
    issuer: issuer ?? new URL(tokenUrl).origin,
    token_endpoint: tokenUrl,
    ...(revocationUrl === null ? {} : { revocation_endpoint: revocationUrl }),
    ...(requiresIssuer ? { authorization_response_iss_parameter_supported: true } : {}),
    ...(idTokenAlgorithms === null
      ? {}
      : { id_token_signing_alg_values_supported: idTokenAlgorithms.filter((each) => isSigned.test(each)) }),
    ...(jwksUrl === null ? {} : { jwks_uri: jwksUrl }),
  };
}

/** For whom the client calls its server, and how many calls its connector lets be under way there. */
export const callerOf = ({ tenant, method }: OAuthClient): Caller => ({ tenant, most: method.tokenCalls });

/** The client as oauth4webapi knows it. */
export const clientOf = ({ clientId }: OAuthClient): Client => ({ client_id: clientId });
