import { createHash } from 'node:crypto';
import type { Connector } from '../connector/connector-definition.ts';
import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { AppEndpoints, ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import type { ClientKey, OAuthClient } from '../oauth/oauth-client.ts';
import type { Secret } from '../secret/secret.ts';
import type { CredentialVault } from './credential-vault.ts';
import type { HubApp } from './hub-app.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';

/** What finding a client needs. */
export interface OAuthClientOptions {
  readonly store: Pick<ConfigurationStore, 'find' | 'get'>;
  readonly vault: Pick<CredentialVault, 'openFor'>;
  /** The host's own registrations by connector id. */
  readonly hubApps: ReadonlyMap<string, HubApp>;
  /** Without a trailing slash. */
  readonly publicUrl: string;
}

/** For whom a client is looked for. */
export interface ClientQuery {
  readonly tenant: string;
  readonly connector: Connector;
  readonly settings: Readonly<Record<string, Json>>;
  /** Id of the registration; absent: the tenant's own, else the host's. */
  readonly app?: string;
  /** How tokens are asked for. @default the connector's OAuth */
  readonly method?: OAuth2Auth;
}

/**
 * The app registration that a tenant uses at a service. Throws `unsupported` where the connector has no OAuth, `credential_missing` where
 * nobody has registered an app, and `invalid_argument` for a setting that cannot stand in an address.
 */
export async function findOAuthClient(options: OAuthClientOptions, query: ClientQuery): Promise<OAuthClient> {
  const { connector, app } = query;
  const method = query.method ?? oauthMethod(connector);
  const isOwn = app !== undefined && isUuid(app);
  const row = app === connector.id ? null : await tenantApp(options, query);
  const hubApp = isOwn ? undefined : options.hubApps.get(connector.id);
  if (row) return tenantClient(options, { query, method, row });
  if (hubApp && (app === undefined || app === connector.id)) return hubClient(options, { query, method, hubApp });
  throw new PatchbayError({
    code: 'credential_missing',
    message: `No app is registered at ${connector.definition.name}. Pass its client id and secret in createHub({ apps: { '${connector.id}': { oauth } } }), or put the tenant's own with oauth.putApp.`,
  });
}

/** The OAuth that a connector declares. Throws `unsupported` where it declares none. */
export function oauthMethod(connector: Connector): OAuth2Auth {
  const method = connector.definition.auth.find((each) => each.type === 'oauth2');
  if (method) return method;
  throw new PatchbayError({
    code: 'unsupported',
    message: `The connector ${connector.id} does not connect with OAuth. Put the connection with a credential.`,
  });
}

function tenantApp({ store }: OAuthClientOptions, { tenant, connector, app }: ClientQuery): Promise<Row<'app'> | null> {
  return app === undefined ? store.find(tenant, 'app', connector.id) : store.get(tenant, 'app', app);
}

interface TenantClient {
  readonly query: ClientQuery;
  readonly method: OAuth2Auth;
  readonly row: Row<'app'>;
}

async function tenantClient(options: OAuthClientOptions, { query, method, row }: TenantClient): Promise<OAuthClient> {
  const { clientId, sealed, sealedKey, keyId = null, secretVersion, endpoints } = row.value;
  const place = { tenant: query.tenant, of: 'app', id: row.id, secretVersion } as const;
  const secret = sealed === null ? null : await options.vault.openFor(place, sealed);
  const pem = sealedKey === undefined ? null : await options.vault.openFor({ ...place, field: 'private_key' }, sealedKey);
  const key = pem === null ? null : { pem, keyId };
  return build(options, { query, method, app: row.id, clientId, secret, key, endpoints });
}

/** A client that belongs to one connection. It asks at the connector's own addresses. */
export function ownClient(
  options: OAuthClientOptions,
  query: ClientQuery & { readonly method: OAuth2Auth },
  own: Pick<OAuthClient, 'clientId' | 'secret' | 'key'>,
): OAuthClient {
  return build(options, { query, method: query.method, app: query.connector.id, endpoints: null, ...own });
}

interface HubClient {
  readonly query: ClientQuery;
  readonly method: OAuth2Auth;
  readonly hubApp: HubApp;
}

function hubClient(options: OAuthClientOptions, { query, method, hubApp }: HubClient): OAuthClient {
  return build(options, { query, method, app: query.connector.id, ...hubApp });
}

interface ClientParts {
  readonly query: ClientQuery;
  readonly method: OAuth2Auth;
  readonly app: string;
  readonly clientId: string;
  readonly secret: Secret | null;
  readonly key: ClientKey | null;
  readonly endpoints: AppEndpoints | null;
}

function build({ publicUrl }: OAuthClientOptions, parts: ClientParts): OAuthClient {
  const { method, app, clientId, secret, key, endpoints, query } = parts;
  const given = endpoints ?? method;
  const place = (template: string): string => resolveEndpoint(template, query.settings);
  const places = {
    authorizationUrl: place(given.authorizationUrl),
    tokenUrl: place(given.tokenUrl),
    revocationUrl: given.revocationUrl === undefined ? null : place(given.revocationUrl),
    issuer: given.issuer === undefined ? null : place(given.issuer),
  };
  const version = createHash('sha256')
    .update(canonicalJson({ app, clientId, ...places }))
    .digest('base64url');
  return { app, version, clientId, secret, key, redirectUri: `${publicUrl}/oauth/callback/${app}`, ...places, method };
}
