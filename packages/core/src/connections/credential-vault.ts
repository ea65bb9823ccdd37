import type { Clock } from '../clock/clock.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Secret } from '../secret/secret.ts';
import type { SealContext, Vault } from '../vault/create-vault.ts';
import { parseCredential } from './credential-schema.ts';

/** An opened credential is kept in memory for at most this long, milliseconds. design.md: five minutes. */
const openedFor = 300_000;

/** Opened credentials held at once. */
const maximumOpened = 2_000;

/** Credentials of connections, sealed and opened. */
export interface CredentialVault {
  /** The sealed form, base64. */
  seal(connection: CredentialPlace, credential: Credential): Promise<string>;
  /** The credential, from memory where it was opened less than five minutes ago. */
  open(tenant: string, row: Row<'credential'>): Promise<Credential>;
  /** Seals a webhook secret of a registration. */
  sealSecret(place: SecretPlace, secret: string): Promise<string>;
  openSecret(place: SecretPlace, sealed: string): Promise<Secret>;
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

/** Binds the vault to the places where the hub keeps secrets. */
export function createCredentialVault(options: { readonly vault: Vault; readonly clock: Pick<Clock, 'monotonic'> }): CredentialVault {
  const { vault, clock } = options;
  const opened = new Map<string, { readonly credential: Credential; readonly until: number }>();

  return {
    async seal(place, credential) {
      return toBase64(await vault.seal(credentialContext(place), JSON.stringify(credential)));
    },
    async open(tenant, row) {
      const { connection, secretVersion, sealed } = row.value;
      const key = `${tenant}\u0000${connection}\u0000${secretVersion}`;
      const known = opened.get(key);
      if (known && known.until > clock.monotonic()) return known.credential;
      const secret = await vault.open(credentialContext({ tenant, connection, secretVersion }), fromBase64(sealed));
      const credential = parseCredential(parseSealed(secret));
      opened.delete(key);
      opened.set(key, { credential, until: clock.monotonic() + openedFor });
      for (const oldest of opened.keys()) {
        if (opened.size <= maximumOpened) break;
        opened.delete(oldest);
      }
      return credential;
    },
    async sealSecret(place, secret) {
      return toBase64(await vault.seal(secretContext(place), secret));
    },
    openSecret: (place, sealed) => vault.open(secretContext(place), fromBase64(sealed)),
  };
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
