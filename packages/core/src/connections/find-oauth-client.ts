import type { ServerDirectory } from '../oauth/create-server-directory.ts';
import { metadataInvalid } from '../oauth/metadata-fault.ts';
import type { ClientKey, OAuthClient } from '../oauth/oauth-client.ts';
import type { ServerMetadata } from '../oauth/server-metadata.ts';
import type { Secret } from '../secret/secret.ts';
import type { CredentialVault } from './credential-vault.ts';
import { type ClientQuery, type FoundRegistration, findRegistration, type RegistrationOptions, versionOf } from './find-registration.ts';

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

/**
 * The client that a tenant is at a service, ready to be used. Throws as `findRegistration` does and, where the addresses are to be found in the
 * metadata of an issuer, as `discoverServer` does.
 */
export async function findOAuthClient(options: OAuthClientOptions, query: OAuthClientQuery): Promise<OAuthClient> {
  const { tenant } = query;
  const found = await findRegistration(options, query);
  const { app, clientId, method } = found;
  const { revocation: _, ...standard } = method;
  const server = await serverOf(options, query, found);
  if ('hubApp' in found.holder && (found.holder.hubApp.secret ?? found.holder.hubApp.key) !== null) keepAtHome(server, found);
  const secrets = await secretsOf(options, tenant, found.holder);
  const { authorizationUrl, tokenUrl, revocationUrl, issuer, saysIssuer, ...more } = server;
  const places = { authorizationUrl, tokenUrl, revocationUrl, issuer };
  return {
    tenant,
    app,
    version: versionOf(found, places),
    registration: found.version,
    clientId,
    ...secrets,
    redirectUri: `${options.publicUrl}/oauth/callback/${app}`,
    ...places,
    requiresIssuer: method.requiresIssuer === true || saysIssuer,
    challengeMethods: more.challengeMethods,
    jwksUrl: more.jwksUrl,
    idTokenAlgorithms: more.idTokenAlgorithms,
    // An address that metadata name is one of RFC 7009.
    method: found.places.revocationUrl === null ? standard : method,
  };
}

/** The secrets of a client: each is opened where it is sealed. */
export async function secretsOf(
  { vault }: Pick<OAuthClientOptions, 'vault'>,
  tenant: string,
  holder: FoundRegistration['holder'],
): Promise<{ readonly secret: Secret | null; readonly key: ClientKey | null }> {
  if (!('row' in holder)) {
    const { secret, key } = 'own' in holder ? holder.own : holder.hubApp;
    return { secret, key };
  }
  const { sealed, sealedKey, keyId = null, secretVersion } = holder.row.value;
  const place = { tenant, of: 'app', id: holder.row.id, secretVersion } as const;
  const secret = sealed === null ? null : await vault.openFor(place, sealed);
  const pem = sealedKey === undefined ? null : await vault.openFor({ ...place, field: 'private_key' }, sealedKey);
  return { secret, key: pem === null ? null : { pem, keyId } };
}

/** What only metadata tell. */
const unknown = { saysIssuer: false, challengeMethods: null, jwksUrl: null, idTokenAlgorithms: null };

type Server = Omit<ServerMetadata, 'issuer'> & { readonly issuer: string | null };

async function serverOf({ servers }: OAuthClientOptions, query: OAuthClientQuery, found: FoundRegistration): Promise<Server> {
  const { authorizationUrl, tokenUrl, revocationUrl, issuer } = found.places;
  if (authorizationUrl !== null && tokenUrl !== null) return { authorizationUrl, tokenUrl, revocationUrl, issuer, ...unknown };
  if (issuer === null) throw metadataInvalid('missing');
  const { tenant, isFresh = false } = query;
  return servers.find({ issuer, tenant, isShared: found.isIssuerOfHost, isFresh });
}

/** A setting of a tenant's may choose among the servers of a service, and what such a server says may not send the host's secret away from it. */
function keepAtHome({ tokenUrl, revocationUrl, issuer }: Server, { places, isIssuerOfHost }: FoundRegistration): void {
  if (isIssuerOfHost || places.tokenUrl !== null || issuer === null) return;
  const { origin } = new URL(issuer);
  if ([tokenUrl, revocationUrl ?? tokenUrl].some((url) => new URL(url).origin !== origin)) throw metadataInvalid('origin');
}
