import type { Connector } from '../connector/connector-definition.ts';
import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { ClientCredentialsAuth } from '../connector/token-auth.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Client credentials as a client's token requests see them: a token endpoint, or an issuer that tells it, and nowhere to send a person to. */
export function clientMethod({ parameters: _, tokenUrl, ...method }: ClientCredentialsAuth): OAuth2Auth {
  return { ...method, type: 'oauth2', ...(tokenUrl === undefined ? {} : { authorizationUrl: tokenUrl, tokenUrl }) };
}

/** What an app is registered for at a connector's service. Throws `unsupported` where it is for nothing that the connector declares. */
export function registeredMethod({ id, definition: { auth } }: Pick<Connector, 'id' | 'definition'>): OAuth2Auth {
  const oauth2 = auth.find((method) => method.type === 'oauth2');
  if (oauth2) return oauth2;
  const client = auth.find((method) => method.type === 'client_credentials');
  if (client) return clientMethod(client);
  const installed = auth.find((method) => method.type === 'app_installation');
  if (installed) return { type: 'oauth2', authorizationUrl: installed.tokenUrl, tokenUrl: installed.tokenUrl };
  throw new PatchbayError({
    code: 'unsupported',
    message: `The connector ${id} does not connect with OAuth. Put the connection with a credential.`,
  });
}
