import { createHash } from 'node:crypto';
import type { Connector } from '../connector/connector-definition.ts';
import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { AppEndpoints } from '../contracts/configuration-records.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import type { ClientKey } from '../oauth/oauth-client.ts';
import type { Secret } from '../secret/secret.ts';
import type { HubApp } from './hub-app.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';

/** What finding a registration needs. */
export interface RegistrationOptions {
  readonly store: Pick<ConfigurationStore, 'find' | 'get'>;
  /** The host's own registrations by connector id. */
  readonly hubApps: ReadonlyMap<string, HubApp>;
}

/** For whom a registration is looked for. */
export interface ClientQuery {
  readonly tenant: string;
  readonly connector: Connector;
  readonly settings: Readonly<Record<string, Json>>;
  /** Id of the registration; absent: the tenant's own, else the host's. */
  readonly app?: string;
  /** Never the host's, also where the tenant has none. @default false */
  readonly isOwnOnly?: boolean;
  /** How tokens are asked for. @default the connector's OAuth */
  readonly method?: OAuth2Auth;
  /** A client that belongs to one connection, in place of a registration. It asks at the connector's own addresses. */
  readonly own?: OwnClient;
}

/** A client with its secrets. */
export interface OwnClient {
  readonly clientId: string;
  readonly secret: Secret | null;
  readonly key: ClientKey | null;
}

/** Addresses of an authorization server. */
export interface Places {
  readonly authorizationUrl: string | null;
  readonly tokenUrl: string | null;
  readonly revocationUrl: string | null;
  readonly issuer: string | null;
}

/** An app registration as it is configured, with nothing opened and nobody asked. */
export interface FoundRegistration {
  readonly app: string;
  readonly clientId: string;
  readonly method: OAuth2Auth;
  /** As they are named: no addresses where the issuer's metadata tell them. */
  readonly places: Places;
  /** A hash of client id and addresses as they are named. */
  readonly version: string;
  /** Where its secrets are: sealed in the tenant's row, the host's own, or a connection's. */
  readonly holder: { readonly row: Row<'app'> } | { readonly hubApp: HubApp } | { readonly own: OwnClient };
  /** Nothing that a tenant chose is in the issuer. */
  readonly isIssuerOfHost: boolean;
}

/**
 * The app registration that a tenant uses at a service. Throws `unsupported` where the connector has no OAuth, `credential_missing` where
 * nobody has registered an app, and `invalid_argument` for a setting that cannot stand in an address.
 */
export async function findRegistration(options: RegistrationOptions, query: ClientQuery): Promise<FoundRegistration> {
  const { connector, app, own, isOwnOnly = false, method = oauthMethod(connector) } = query;
  if (own) return build(query, { method, app: connector.id, clientId: own.clientId, endpoints: null, holder: { own } });
  const isOwn = isOwnOnly || (app !== undefined && isUuid(app));
  const row = app === connector.id ? null : await tenantApp(options, query);
  if (row) return build(query, { method, app: row.id, clientId: row.value.clientId, endpoints: row.value.endpoints, holder: { row } });
  const hubApp = isOwn ? undefined : options.hubApps.get(connector.id);
  if (hubApp && (app === undefined || app === connector.id))
    return build(query, { method, app: connector.id, clientId: hubApp.clientId, endpoints: hubApp.endpoints, holder: { hubApp } });
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

/** What tells one client from another: a flow that was begun under another version ends. */
export function versionOf(client: { readonly app: string; readonly clientId: string }, places: Places): string {
  const { app, clientId } = client;
  return createHash('sha256')
    .update(canonicalJson({ app, clientId, ...places }))
    .digest('base64url');
}

function tenantApp({ store }: RegistrationOptions, { tenant, connector, app }: ClientQuery): Promise<Row<'app'> | null> {
  return app === undefined ? store.find(tenant, 'app', connector.id) : store.get(tenant, 'app', app);
}

interface Parts extends Pick<FoundRegistration, 'app' | 'clientId' | 'method' | 'holder'> {
  readonly endpoints: AppEndpoints | null;
}

function build({ settings }: ClientQuery, { endpoints, ...parts }: Parts): FoundRegistration {
  const given = endpoints ?? parts.method;
  const place = (template: string | undefined): string | null => (template === undefined ? null : resolveEndpoint(template, settings));
  const places = {
    authorizationUrl: place(given.authorizationUrl),
    tokenUrl: place(given.tokenUrl),
    revocationUrl: place(given.revocationUrl)?.replace('{client_id}', encodeURIComponent(parts.clientId)) ?? null,
    issuer: place(given.issuer),
  };
  const isTenants = 'row' in parts.holder && endpoints !== null;
  return { ...parts, places, version: versionOf(parts, places), isIssuerOfHost: !isTenants && given.issuer === places.issuer };
}
