import type { Act } from '../audit/recorder.ts';
import type { Clock } from '../clock/clock.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Secret } from '../secret/secret.ts';
import type { SealContext, Vault } from '../vault/create-vault.ts';
import { parseCredential } from './credential-schema.ts';
import { createOpenedSecrets } from './opened-secrets.ts';

/** Opened credentials held at once. */
const maximumOpened = 2_000;

/** Credentials of connections, sealed and opened. */
export interface CredentialVault {
  /** The sealed form, base64. */
  seal(connection: CredentialPlace, credential: Credential): Promise<string>;
  /** The credential, from memory where it was opened less than five minutes ago. */
  open(tenant: string, row: Row<'credential'>): Promise<Credential>;
  /** Lets go of an opened credential, when its connection has ended here. */
  forget(tenant: string, connection: string): void;
  /** Seals a webhook secret of a registration. */
  sealSecret(place: SecretPlace, secret: string): Promise<string>;
  openSecret(place: SecretPlace, sealed: string): Promise<Secret>;
  /** Seals what a flow or an app registration holds for later. */
  sealFor(place: OAuthPlace, secret: string): Promise<string>;
  openFor(place: OAuthPlace, sealed: string): Promise<Secret>;
}

/** Where a credential belongs; bound into its envelope. */
export interface CredentialPlace {
  readonly tenant: string;
  readonly connection: string;
  readonly secretVersion: number;
}

/** Where a webhook secret belongs; bound into its envelope. */
export interface SecretPlace {
  readonly tenant: string;
  readonly registration: string;
  readonly id: string;
}

/** Where a secret of a flow or of an app registration belongs; bound into its envelope. */
export interface OAuthPlace {
  readonly tenant: string;
  readonly of: 'flow' | 'app';
  /** Hash of the flow's name, or id of the registration. */
  readonly id: string;
  readonly secretVersion: number;
}

/** What the vault is bound with. */
export interface CredentialVaultOptions {
  readonly vault: Vault;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Records that something was opened, before anybody gets it: where that fails, so does the opening. */
  readonly record: (tenant: string, act: Act) => Promise<void>;
}

/** Binds the vault to the places where the hub keeps secrets. */
export function createCredentialVault(options: CredentialVaultOptions): CredentialVault {
  const { vault, clock, record } = options;
  const opened = createOpenedSecrets<Credential>({ clock, maximum: maximumOpened });
  // What is opened anew each time is recorded as seldom as a credential.
  const recorded = createOpenedSecrets<void>({ clock, maximum: maximumOpened });

  return {
    async seal(place, credential) {
      return toBase64(await vault.seal(credentialContext(place), JSON.stringify(credential)));
    },
    open(tenant, row) {
      const { connection, secretVersion, sealed } = row.value;
      return opened.get(placeOf(tenant, connection), `${secretVersion}.${sealed}`, async () => {
        const secret = await vault.open(credentialContext({ tenant, connection, secretVersion }), fromBase64(sealed));
        const credential = parseCredential(parseSealed(secret));
        await record(tenant, credentialOpened(row, 'outgoing-request'));
        return credential;
      });
    },
    forget: (tenant, connection) => opened.forget(placeOf(tenant, connection)),
    async sealSecret(place, secret) {
      return toBase64(await vault.seal(secretContext(place), secret));
    },
    async openSecret(place, sealed) {
      const secret = await vault.open(secretContext(place), fromBase64(sealed));
      await record(place.tenant, secretOpened(place, 'webhook-verification'));
      return secret;
    },
    async sealFor(place, secret) {
      return toBase64(await vault.seal(oauthContext(place), secret));
    },
    async openFor(place, sealed) {
      const secret = await vault.open(oauthContext(place), fromBase64(sealed));
      const name = `${place.tenant}\u0000${place.of}\u0000${place.id}`;
      await recorded.get(name, String(place.secretVersion), () => record(place.tenant, oauthSecretOpened(place)));
      return secret;
    },
  };
}

function credentialOpened({ value: { connection, kind, secretVersion } }: Row<'credential'>, purpose: string): Act {
  const object = { type: 'credential', id: connection };
  return { action: 'credential.open', object, connection, details: { kind, purpose, secretVersion } };
}

function secretOpened({ registration, id }: SecretPlace, purpose: string): Act {
  return { action: 'webhook_secret.open', object: { type: 'registration', id: registration }, details: { secret: id, purpose } };
}

function oauthSecretOpened({ of, id, secretVersion }: OAuthPlace): Act {
  return { action: 'oauth_secret.open', object: { type: of, id }, details: { purpose: 'token-request', secretVersion } };
}

/** A connection's id holds no NUL, so the last one ends the tenant. */
function placeOf(tenant: string, connection: string): string {
  return `${tenant}\u0000${connection}`;
}

function credentialContext({ tenant, connection, secretVersion }: CredentialPlace): SealContext {
  return { tenant, objectType: 'connection', objectId: connection, field: 'credential', purpose: 'outgoing-request', secretVersion };
}

function secretContext({ tenant, registration, id }: SecretPlace): SealContext {
  return {
    tenant,
    objectType: 'registration',
    objectId: registration,
    field: `secret:${id}`,
    purpose: 'webhook-verification',
    secretVersion: 1,
  };
}

function oauthContext({ tenant, of, id, secretVersion }: OAuthPlace): SealContext {
  return { tenant, objectType: of, objectId: id, field: 'secret', purpose: 'authorization', secretVersion };
}

function parseSealed(secret: Secret): unknown {
  try {
    return JSON.parse(secret.reveal('outgoing-request'));
  } catch {
    // The cause would quote the plaintext.
    throw new PatchbayError({
      code: 'credential_missing',
      message: 'The sealed credential is not one that this version wrote. Put the connection again.',
    });
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
