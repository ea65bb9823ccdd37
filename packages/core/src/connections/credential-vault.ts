import type { Act } from '../audit/recorder.ts';
import type { Clock } from '../clock/clock.ts';
import type { AppRecord, CredentialRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { EndpointRecord, ReceiverRecord, RegistrationRecord } from '../contracts/webhook-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Secret } from '../secret/secret.ts';
import type { SealContext, Vault } from '../vault/create-vault.ts';
import { type HeldCredential, parseHeldCredential } from './held-credential.ts';
import { createOpenedSecrets } from './opened-secrets.ts';
import { credentialOpened, namedSecretOpened, oauthSecretOpened, secretOpened } from './opening-acts.ts';
import {
  type CredentialPlace,
  credentialContext,
  formContext,
  type NamedPlace,
  namedContext,
  type OAuthPlace,
  oauthContext,
  type SecretPlace,
  secretContext,
} from './sealed-places.ts';

/** Opened credentials held at once. */
const maximumOpened = 2_000;

/** Credentials of connections, sealed and opened. */
export interface CredentialVault {
  /** The sealed form, base64. */
  seal(connection: CredentialPlace, credential: HeldCredential): Promise<string>;
  /** The credential, from memory where it was opened less than five minutes ago. */
  open(tenant: string, row: Row<'credential'>): Promise<HeldCredential>;
  /** The credential before it, while it is kept; told of and opened each time. Throws `credential_missing` where there is none. */
  openPrevious(tenant: string, row: Row<'credential'>): Promise<HeldCredential>;
  /** Lets go of an opened credential, when its connection has ended here. */
  forget(tenant: string, connection: string): void;
  /** Seals a webhook secret of a registration or an endpoint. */
  sealSecret(place: SecretPlace, secret: string): Promise<string>;
  openSecret(place: SecretPlace, sealed: string): Promise<Secret>;
  /** Seals what a flow or an app registration holds for later. */
  sealFor(place: OAuthPlace, secret: string): Promise<string>;
  openFor(place: OAuthPlace, sealed: string): Promise<Secret>;
  /** Seals a named secret of the host's. */
  sealNamed(place: NamedPlace, value: string): Promise<string>;
  /** Opens one for a purpose, which is told before anything is opened; without a purpose nobody is told and nobody is handed the value. */
  openNamed(place: NamedPlace, sealed: string, use?: NamedUse): Promise<Secret>;
  /** Seals the key of a form's link; it is no secret of anybody's, so opening it is not recorded. */
  sealFormKey(place: Parameters<typeof formContext>[0], text: string): Promise<string>;
  openFormKey(place: Parameters<typeof formContext>[0], sealed: string): Promise<Secret>;
  /** The same values under the tenant's newest data key. */
  resealCredential(tenant: string, row: Row<'credential'>): Promise<CredentialRecord>;
  resealRegistration(tenant: string, row: Row<'registration'>): Promise<RegistrationRecord>;
  resealReceiver(tenant: string, row: Row<'receiver'>): Promise<ReceiverRecord>;
  resealApp(tenant: string, row: Row<'app'>): Promise<AppRecord>;
  resealEndpoint(tenant: string, row: Row<'endpoint'>): Promise<EndpointRecord>;
  /** Version of the data key that a sealed form says it was sealed under. Throws `vault_sealed` for what is none. */
  versionOf(sealed: string): number;
  /** Whether the tenant's data keys have been destroyed: what was opened before must be used no longer. */
  isDestroyed(tenant: string): boolean | Promise<boolean>;
  /** Drops the tenant's data keys from memory, so that the next call reads them. */
  forgetKeys(tenant: string): void;
}

/** What a named secret is opened for. */
export interface NamedUse {
  readonly purpose: string;
  /** Records it in the name of who asked. */
  readonly record: (act: Act) => Promise<void>;
}

/** What {@link createCredentialVault} is given. */
export interface CredentialVaultOptions {
  readonly vault: Vault;
  readonly clock: Pick<Clock, 'monotonic'>;
  /**
   * Records that a value is opened for somebody, before it is; where that fails, nothing is opened. A credential in memory is not opened again, so
   * it is told of once per version in five minutes, and an OAuth secret as seldom.
   */
  readonly record: (tenant: string, act: Act) => Promise<void>;
}

/** Binds the vault to the places where the hub keeps secrets. */
export function createCredentialVault(options: CredentialVaultOptions): CredentialVault {
  const { vault, clock, record } = options;
  const opened = createOpenedSecrets<HeldCredential>({ clock, maximum: maximumOpened });
  // What is opened anew each time is recorded as seldom as a credential.
  const recorded = createOpenedSecrets<void>({ clock, maximum: maximumOpened });
  const openTold = async (context: SealContext, sealed: string, act: Act): Promise<Secret> => {
    await record(context.tenant, act);
    return vault.open(context, fromBase64(sealed));
  };
  const reseal = async (context: SealContext, sealed: string): Promise<string> => toBase64(await vault.reseal(context, fromBase64(sealed)));
  const resealSecrets = (tenant: string, registration: string, secrets: RegistrationRecord['secrets']) =>
    Promise.all(
      secrets.map(async (secret) => {
        return { ...secret, sealed: await reseal(secretContext({ tenant, registration, id: secret.id }), secret.sealed) };
      }),
    );

  return {
    async seal(place, credential) {
      return toBase64(await vault.seal(credentialContext(place), JSON.stringify(credential)));
    },
    open(tenant, row) {
      const { connection, secretVersion, sealed } = row.value;
      const place = placeOf(tenant, connection);
      const credential = (isDestroyed: boolean): Promise<HeldCredential> => {
        if (isDestroyed) opened.forget(place);
        return opened.get(place, `${secretVersion}.${sealed}`, async () => {
          const secret = await openTold(credentialContext({ tenant, connection, secretVersion }), sealed, credentialOpened(row));
          return parseHeldCredential(parseSealed(secret));
        });
      };
      const isDestroyed = vault.isDestroyed(tenant);
      return typeof isDestroyed === 'boolean' ? credential(isDestroyed) : isDestroyed.then(credential);
    },
    async openPrevious(tenant, row) {
      const { connection, previous } = row.value;
      if (previous === undefined) throw notOurs();
      const context = credentialContext({ tenant, connection, secretVersion: previous.secretVersion });
      const { kind, secretVersion, sealed } = previous;
      const act = credentialOpened({ ...row, value: { connection, kind, secretVersion, sealed } });
      return parseHeldCredential(parseSealed(await openTold(context, sealed, act)));
    },
    forget: (tenant, connection) => opened.forget(placeOf(tenant, connection)),
    async sealSecret(place, secret) {
      return toBase64(await vault.seal(secretContext(place), secret));
    },
    async sealFor(place, secret) {
      return toBase64(await vault.seal(oauthContext(place), secret));
    },
    async openFor(place, sealed) {
      const name = `${place.tenant}\u0000${place.of}\u0000${place.id}\u0000${place.field ?? 'secret'}`;
      await recorded.get(name, String(place.secretVersion), () => record(place.tenant, oauthSecretOpened(place)));
      return vault.open(oauthContext(place), fromBase64(sealed));
    },
    openSecret: (place, sealed) => openTold(secretContext(place), sealed, secretOpened(place)),
    async sealNamed(place, value) {
      return toBase64(await vault.seal(namedContext(place), value));
    },
    async openNamed(place, sealed, use) {
      if (use !== undefined) await use.record(namedSecretOpened(place, use.purpose));
      return vault.open(namedContext(place), fromBase64(sealed));
    },
    sealFormKey: async (place, text) => toBase64(await vault.seal(formContext(place), text)),
    openFormKey: (place, sealed) => vault.open(formContext(place), fromBase64(sealed)),
    async resealCredential(tenant, { value }) {
      const { connection, secretVersion, secrets } = value;
      if (secrets === undefined) {
        const anew = (version: number, sealed: string) => reseal(credentialContext({ tenant, connection, secretVersion: version }), sealed);
        const { previous } = value;
        const kept = previous && { previous: { ...previous, sealed: await anew(previous.secretVersion, previous.sealed) } };
        return { ...value, ...kept, sealed: await anew(secretVersion, value.sealed) };
      }
      const anew = secrets.map(async (secret) => {
        return { ...secret, sealed: await reseal(namedContext({ tenant, connection, ...secret }), secret.sealed) };
      });
      return { ...value, secrets: await Promise.all(anew) };
    },
    resealRegistration: async (tenant, { id, value }) => ({ ...value, secrets: await resealSecrets(tenant, id, value.secrets) }),
    resealReceiver: async (tenant, { id, value }) => ({ ...value, secrets: await resealSecrets(tenant, id, value.secrets) }),
    async resealApp(tenant, { id, value }) {
      const { sealed, sealedKey, secretVersion } = value;
      const place = { tenant, of: 'app', id, secretVersion } as const;
      return {
        ...value,
        sealed: sealed && (await reseal(oauthContext(place), sealed)),
        ...(sealedKey === undefined ? {} : { sealedKey: await reseal(oauthContext({ ...place, field: 'private_key' }), sealedKey) }),
      };
    },
    async resealEndpoint(tenant, { id: endpoint, value }) {
      const anew = value.secrets.map(async (secret) => {
        return { ...secret, sealed: await reseal(secretContext({ tenant, endpoint, id: secret.id }), secret.sealed) };
      });
      return { ...value, secrets: await Promise.all(anew) };
    },
    versionOf: (sealed) => vault.versionOf(fromBase64(sealed)),
    isDestroyed: vault.isDestroyed,
    forgetKeys: vault.forget,
  };
}

/** A connection's id holds no NUL, so the last one ends the tenant. */
function placeOf(tenant: string, connection: string): string {
  return `${tenant}\u0000${connection}`;
}

function parseSealed(secret: Secret): unknown {
  try {
    return JSON.parse(secret.reveal('outgoing-request'));
  } catch {
    // The cause would quote the plaintext.
    throw notOurs();
  }
}

const notOurs = (): PatchbayError =>
  new PatchbayError({
    code: 'credential_missing',
    message: 'The sealed credential is not one that this version wrote. Put the connection again.',
  });

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
