import type { AuthorizationServer, Client } from 'oauth4webapi';
import type { OAuthClient } from './oauth-client.ts';

/** The authorization server of a client, as oauth4webapi knows it. One whose issuer is not known is named by its token endpoint's origin. */
export function serverOf({ issuer, tokenUrl, revocationUrl, method }: OAuthClient): AuthorizationServer {
  return {
    issuer: issuer ?? new URL(tokenUrl).origin,
    token_endpoint: tokenUrl,
    ...(revocationUrl === null ? {} : { revocation_endpoint: revocationUrl }),
    ...(method.requiresIssuer === true ? { authorization_response_iss_parameter_supported: true } : {}),
  };
}

/** The client as oauth4webapi knows it. */
export const clientOf = ({ clientId }: OAuthClient): Client => ({ client_id: clientId });
