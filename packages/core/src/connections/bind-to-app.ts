import type { Credential } from '../connector/auth-method.ts';
import type { ConfigurationStore } from '../contracts/configuration-store.ts';
import type { HeldCredential } from './held-credential.ts';

/** Whose app registration a credential is bound to. */
export interface BoundPlace {
  readonly tenant: string;
  /** Id of the connector. */
  readonly connector: string;
}

/**
 * The credential as it is to be sealed. One without secrets of its own, put where the tenant has an app, must never be used by the host's when that app is
 * taken away: the host's key opens the installations of all its customers, and nobody has looked whose this one is.
 */
export async function bindToApp(
  store: Pick<ConfigurationStore, 'find'>,
  { tenant, connector }: BoundPlace,
  credential: Credential,
): Promise<HeldCredential> {
  if (!asksAsApp(credential)) return credential;
  return (await store.find(tenant, 'app', connector)) === null ? credential : { ...credential, asOwnApp: true };
}

/** True where tokens are asked for by whatever app is registered. */
export function asksAsApp(credential: Credential): boolean {
  if (credential.type === 'client_credentials') return credential.clientId === undefined;
  return credential.type === 'app_installation' && credential.issuer === undefined;
}
