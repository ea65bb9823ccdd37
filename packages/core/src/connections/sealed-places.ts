import type { SealContext } from '../vault/create-vault.ts';

/** Where a credential belongs; bound into its envelope. */
export interface CredentialPlace {
  readonly tenant: string;
  readonly connection: string;
  readonly secretVersion: number;
}

/** What a connection's credential is sealed with. */
export function credentialContext({ tenant, connection, secretVersion }: CredentialPlace): SealContext {
  return { tenant, objectType: 'connection', objectId: connection, field: 'credential', purpose: 'outgoing-request', secretVersion };
}

/** Where a webhook secret belongs; bound into its envelope. */
export type SecretPlace = { readonly tenant: string; readonly id: string } & (
  | { readonly registration: string }
  /** Its secrets sign what goes out. */
  | { readonly endpoint: string }
);

/** What a webhook secret is sealed with: one that checks deliveries opens none that signs them. */
export function secretContext({ tenant, id, ...of }: SecretPlace): SealContext {
  const place =
    'endpoint' in of
      ? { objectType: 'endpoint', objectId: of.endpoint, purpose: 'webhook-signing' }
      : { objectType: 'registration', objectId: of.registration, purpose: 'webhook-verification' };
  return { ...place, tenant, field: `secret:${id}`, secretVersion: 1 };
}

/** Where a secret of a flow or of an app registration belongs; bound into its envelope. */
export interface OAuthPlace {
  readonly tenant: string;
  readonly of: 'flow' | 'app';
  /** Hash of the flow's name, or id of the registration. */
  readonly id: string;
  readonly secretVersion: number;
  /** @default 'secret' */
  readonly field?: 'secret' | 'private_key';
}

/** What a secret of a flow or of an app registration is sealed with. */
export function oauthContext({ tenant, of, id, secretVersion, field = 'secret' }: OAuthPlace): SealContext {
  return { tenant, objectType: of, objectId: id, field, purpose: 'authorization', secretVersion };
}

/** What the key of a form's link is sealed with: one of another form, or of another tenant's, does not open. */
export function formContext({ tenant, form }: { readonly tenant: string; readonly form: string }): SealContext {
  return { tenant, objectType: 'form', objectId: form, field: 'link', purpose: 'form-submission', secretVersion: 1 };
}

/** Where a named secret belongs; bound into its envelope. */
export interface NamedPlace {
  readonly tenant: string;
  readonly connection: string;
  readonly key: string;
  readonly secretVersion: number;
}

/** What a named secret of the host's is sealed with. */
export function namedContext({ tenant, connection, key, secretVersion }: NamedPlace): SealContext {
  return { tenant, objectType: 'connection', objectId: connection, field: `secret:${key}`, purpose: 'host-use', secretVersion };
}
