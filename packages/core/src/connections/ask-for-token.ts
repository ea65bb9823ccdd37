import type { ClientCredential, Credential, InstallationCredential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { AppInstallationAuth, ClientCredentialsAuth, ServiceAccountAuth } from '../connector/token-auth.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { accountAssertion } from '../oauth/account-assertion.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { requestInstallationToken } from '../oauth/request-installation-token.ts';
import { requestTokens } from '../oauth/request-tokens.ts';
import type { TokenSet } from '../oauth/token-set.ts';
import type { TokenNetwork } from '../oauth/token-transport.ts';
import { createSecret } from '../secret/create-secret.ts';
import { findOAuthClient, type OAuthClientOptions, secretsOf } from './find-oauth-client.ts';
import { type ClientQuery, findRegistration } from './find-registration.ts';
import type { HeldCredential } from './held-credential.ts';
import { clientMethod } from './registered-method.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';

/** For whom a token is asked for. */
export interface TokenPlace {
  readonly tenant: string;
  readonly connector: Connector;
  readonly settings: Readonly<Record<string, Json>>;
}

/** What asking needs. */
export interface AskOptions extends OAuthClientOptions, TokenNetwork {}

/**
 * Asks for a token with a credential that is no person's permission. Throws `authentication_failed` where the service refuses, retryable errors where it
 * cannot be told, and `credential_missing` where nobody has registered the app that is to ask.
 */
export async function askForToken(options: AskOptions, place: TokenPlace, credential: HeldCredential): Promise<TokenSet> {
  for (const method of place.connector.definition.auth) {
    if (method.type === 'service_account' && credential.type === method.type)
      return exchangeAssertion(options, { place, method, credential });
    if (method.type === 'client_credentials' && credential.type === method.type) return askAsClient(options, { place, method, credential });
    if (method.type === 'app_installation' && credential.type === method.type)
      return askForInstallation(options, { place, method, credential });
  }
  throw missing(
    `The connector ${place.connector.id} asks for no token with a credential of type ${credential.type}. Put the connection again.`,
  );
}

/** Whose app asks. */
type OfApp = Pick<HeldCredential, 'asOwnApp'>;

type ServiceAccount = Extract<Credential, { readonly type: 'service_account' }>;

interface AccountAsking {
  readonly place: TokenPlace;
  readonly method: ServiceAccountAuth;
  readonly credential: ServiceAccount;
}

/** Exchanges an assertion for a token (RFC 7523, section 2.1). */
async function exchangeAssertion(options: AskOptions, { place, method, credential }: AccountAsking): Promise<TokenSet> {
  const { algorithm, audience, scopes, tokenUrl = '', answer } = method;
  const { issuer, subject, keyId, privateKey } = credential;
  const scope = scopes?.join(' ');
  const assertion = accountAssertion({ algorithm, audience, scope, issuer, subject, keyId, privateKey }, options.clock.now());
  const quirks: OAuth2Auth = { type: 'oauth2', ...(answer ? { answer } : {}) };
  const client = { ...bareClient, tenant: place.tenant, clientId: issuer, authorizationUrl: tokenUrl, tokenUrl, method: quirks };
  return requestTokens(options, { client, grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer', parameters: { assertion } });
}

/** Who asks, where the grant itself says it and no app is registered. */
const bareClient = {
  app: '',
  version: '',
  registration: '',
  redirectUri: '',
  secret: null,
  key: null,
  revocationUrl: null,
  issuer: null,
  requiresIssuer: false,
  challengeMethods: null,
  jwksUrl: null,
  idTokenAlgorithms: null,
} as const satisfies Partial<OAuthClient>;

interface ClientAsking {
  readonly place: TokenPlace;
  readonly method: ClientCredentialsAuth;
  readonly credential: ClientCredential & OfApp;
}

/** Asks as the connection's own client, else as the app: the tenant's own, else the host's. */
async function askAsClient(options: AskOptions, { place, method, credential }: ClientAsking): Promise<TokenSet> {
  const { clientId, clientSecret, privateKey, keyId = null } = credential;
  const query = { ...place, method: clientMethod(method), isOwnOnly: credential.asOwnApp === true };
  const secret = clientSecret === undefined ? null : createSecret(clientSecret);
  const key = privateKey === undefined ? null : { pem: createSecret(privateKey), keyId };
  const client = await findOAuthClient(options, { ...query, ...(clientId === undefined ? {} : { own: { clientId, secret, key } }) });
  if (client.secret === null && client.key === null)
    throw missing('The app has neither a secret nor a private key, so it cannot ask for a token for itself. Correct its registration.');
  const asked = credential.scopes ?? method.scopes ?? [];
  const scope = asked.length === 0 ? {} : { scope: asked.join(method.scopeSeparator ?? ' ') };
  const tokens = await requestTokens(options, { client, grant: 'client_credentials', parameters: { ...method.parameters, ...scope } });
  // A server that gives other scopes than those that were asked for must say so (RFC 6749, section 3.3).
  return { ...tokens, scopes: tokens.scopes ?? (asked.length === 0 ? null : asked) };
}

interface InstallationAsking {
  readonly place: TokenPlace;
  readonly method: AppInstallationAuth;
  readonly credential: InstallationCredential & OfApp;
}

async function askForInstallation(options: AskOptions, { place, method, credential }: InstallationAsking): Promise<TokenSet> {
  const { installation, narrow } = credential;
  const url = resolveEndpoint(method.tokenUrl.replace('/{installation}', `/${encodeURIComponent(installation)}`), place.settings);
  const app = await appOf(options, { ...place, method: { type: 'oauth2' } }, credential);
  return requestInstallationToken(options, { caller: { tenant: place.tenant }, method, url, narrow, ...app });
}

/** Id and key of the app: the connection's own, else those of the registration. */
async function appOf(options: AskOptions, query: ClientQuery, { issuer, privateKey, asOwnApp }: InstallationCredential & OfApp) {
  if (issuer !== undefined && privateKey !== undefined) return { issuer, privateKey };
  const { clientId, holder } = await findRegistration(options, { ...query, isOwnOnly: asOwnApp === true });
  const { key } = await secretsOf(options, query.tenant, holder);
  if (key !== null) {
    const pem = key.pem.reveal('ask for the token of an installation');
    return { issuer: clientId, privateKey: pem, keyId: key.keyId ?? undefined };
  }
  throw missing(`The app at ${query.connector.definition.name} has no privateKey. Add it to the registration.`);
}

function missing(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message, sent: 'no' });
}
