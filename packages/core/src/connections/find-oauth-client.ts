import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { ServerDirectory } from '../oauth/create-server-directory.ts';
import { metadataInvalid } from '../oauth/metadata-fault.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import type { ServerMetadata } from '../oauth/server-metadata.ts';
import type { CredentialVault } from './credential-vault.ts';
import {
  type ClientQuery,
  type FoundRegistration,
  findRegistration,
  ownRegistration,
  type RegistrationOptions,
  versionOf,
} from './find-registration.ts';

/** What finding a client needs. */
export interface OAuthClientOptions extends RegistrationOptions {
  readonly vault: Pick<CredentialVault, 'openFor'>;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly servers: ServerDirectory;
}

/** For whom a client is looked for, and how fresh what is known of its server must be. */
export interface OAuthClientQuery extends ClientQuery {
  /** Asks the issuer again where that was not done just now. @default false */
  readonly isFresh?: boolean;
}

/** By what a client proves itself. */
type Proofs = Pick<OAuthClient, 'secret' | 'key'>;

/**
 * The client that a tenant is at a service, ready to be used. Throws as `findRegistration` does and, where the addresses are to be found in the
 * metadata of an issuer, as `discoverServer` does.
 */
export async function findOAuthClient(options: OAuthClientOptions, query: OAuthClientQuery): Promise<OAuthClient> {
  const found = await findRegistration(options, query);
  const server = await serverOf(options, query, found);
  const { holder } = found;
  if ('hubApp' in holder && (holder.hubApp.secret !== null || holder.hubApp.key !== null)) keepAtHome(server, found);
  return build(options, { query, found, server, proofs: await proofsOf(options, query.tenant, found) });
}

/** A client that belongs to one connection. It asks at the connector's own addresses. */
export async function ownClient(
  options: OAuthClientOptions,
  query: OAuthClientQuery & { readonly method: OAuth2Auth },
  own: Pick<OAuthClient, 'clientId' | 'secret' | 'key'>,
): Promise<OAuthClient> {
  const found = ownRegistration(query, own.clientId);
  return build(options, { query, found, server: await serverOf(options, query, found), proofs: own });
}

interface ClientParts {
  readonly query: ClientQuery;
  readonly found: Omit<FoundRegistration, 'holder'>;
  readonly server: Server;
  readonly proofs: Proofs;
}

function build({ publicUrl }: OAuthClientOptions, { query, found, server, proofs }: ClientParts): OAuthClient {
  const { app, clientId, method } = found;
  const { revocation: _, ...standard } = method;
  const { authorizationUrl, tokenUrl, revocationUrl, issuer, saysIssuer, ...more } = server;
  const places = { authorizationUrl, tokenUrl, revocationUrl, issuer };
  return {
    tenant: query.tenant,
    app,
    version: versionOf(found, places),
    registration: found.version,
    clientId,
    secret: proofs.secret,
    key: proofs.key,
    redirectUri: `${publicUrl}/oauth/callback/${app}`,
    ...places,
    requiresIssuer: method.requiresIssuer === true || saysIssuer,
    challengeMethods: more.challengeMethods,
    jwksUrl: more.jwksUrl,
    idTokenAlgorithms: more.idTokenAlgorithms,
    // An address that metadata name is one of RFC 7009.
    method: found.places.revocationUrl === null ? standard : method,
  };
}

async function proofsOf(options: OAuthClientOptions, tenant: string, { holder }: FoundRegistration): Promise<Proofs> {
  if (!('row' in holder)) return holder.hubApp;
  const { id, value } = holder.row;
  const { sealed, sealedKey, keyId = null, secretVersion } = value;
  const place = { tenant, of: 'app', id, secretVersion } as const;
  const pem = sealedKey === undefined ? null : await options.vault.openFor({ ...place, field: 'private_key' }, sealedKey);
  return { secret: sealed === null ? null : await options.vault.openFor(place, sealed), key: pem === null ? null : { pem, keyId } };
}

/** What only metadata tell. */
const unknown = { saysIssuer: false, challengeMethods: null, jwksUrl: null, idTokenAlgorithms: null };

type Server = Omit<ServerMetadata, 'issuer'> & { readonly issuer: string | null };

type Found = Pick<FoundRegistration, 'places' | 'isIssuerOfHost'>;

async function serverOf({ servers }: OAuthClientOptions, query: OAuthClientQuery, found: Found): Promise<Server> {
  const { authorizationUrl, tokenUrl, revocationUrl, issuer } = found.places;
  if (authorizationUrl !== null && tokenUrl !== null) return { authorizationUrl, tokenUrl, revocationUrl, issuer, ...unknown };
  if (issuer === null) throw metadataInvalid('missing');
  const { tenant, isFresh = false } = query;
  return servers.find({ issuer, tenant, isShared: found.isIssuerOfHost, isFresh });
}

/** A setting of a tenant's may choose among the servers of a service, and what such a server says may not send the host's secret away from it. */
function keepAtHome({ tokenUrl, revocationUrl, issuer }: Server, { places, isIssuerOfHost }: Found): void {
  if (isIssuerOfHost || places.tokenUrl !== null || issuer === null) return;
  const { origin } = new URL(issuer);
  if ([tokenUrl, revocationUrl ?? tokenUrl].some((url) => new URL(url).origin !== origin)) throw metadataInvalid('origin');
}
