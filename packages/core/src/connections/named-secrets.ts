import type { CredentialRecord, NamedSecretRecord } from '../contracts/configuration-records.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { sameSecret } from '../secret/same-secret.ts';
import type { Secret } from '../secret/secret.ts';
import type { CredentialVault, NamedUse } from './credential-vault.ts';

/** What keeping named secrets needs. */
export interface NamedSecretsOptions {
  readonly store: ConfigurationStore;
  readonly vault: CredentialVault;
  readonly generateId: GenerateId;
  readonly now: () => number;
}

/** One connection of a tenant. */
export interface SecretsPlace {
  readonly tenant: string;
  readonly connection: string;
}

/** Most named secrets of one connection. They lie in one row, so that a connection's end takes them along. */
const mostSecrets = 100;

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** The name of the row of a connection's named secrets; no connection's id has a slash. */
export function namedSecretsRow(connection: string): string {
  return `${connection}/secrets`;
}

/** The named secrets of a connection as stored, none opened. */
export async function listNamedSecrets(
  { store }: Pick<NamedSecretsOptions, 'store'>,
  { tenant, connection }: SecretsPlace,
): Promise<readonly NamedSecretRecord[]> {
  return (await store.find(tenant, 'credential', namedSecretsRow(connection)))?.value.secrets ?? [];
}

/** Opens one for a purpose; undefined where there is none of this key. */
export async function openNamedSecret(
  options: Pick<NamedSecretsOptions, 'store' | 'vault'>,
  { key, purpose, record, ...place }: SecretsPlace & NamedUse & { readonly key: string },
): Promise<Secret | undefined> {
  const found = (await listNamedSecrets(options, place)).find((secret) => secret.key === key);
  return found && (await options.vault.openNamed({ ...place, ...found }, found.sealed, { purpose, record }));
}

/**
 * Stores secrets by key in one write; a value that is there already changes nothing. Answers what is stored under each key. Throws
 * `invalid_argument` beyond 100 secrets of a connection, and `conflict`.
 */
export async function putNamedSecrets(
  options: NamedSecretsOptions,
  place: SecretsPlace,
  values: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, { readonly secret: NamedSecretRecord; readonly changed: boolean }>> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await options.store.find(place.tenant, 'credential', namedSecretsRow(place.connection));
    const answers = new Map<string, { readonly secret: NamedSecretRecord; readonly changed: boolean }>();
    const secrets = new Map((row?.value.secrets ?? []).map((secret) => [secret.key, secret]));
    let secretVersion = row?.value.secretVersion ?? 0;
    for (const [key, value] of values) {
      const known = secrets.get(key);
      if (known !== undefined && (await holds(options.vault, place, known, value))) {
        answers.set(key, { secret: known, changed: false });
        continue;
      }
      secretVersion += 1;
      const sealed = await options.vault.sealNamed({ ...place, key, secretVersion }, value);
      const secret = { key, sealed, secretVersion, updatedAt: options.now() };
      secrets.set(key, secret);
      answers.set(key, { secret, changed: true });
    }
    if (secrets.size > mostSecrets) throw tooMany();
    const isChanged = secretVersion !== (row?.value.secretVersion ?? 0);
    const value = { ...recordOf(place.connection, row), secretVersion, secrets: [...secrets.values()] };
    if (!isChanged || (await write(options, place, { row, value }))) return answers;
  }
  throw contended();
}

/** Takes one away. Answers whether there was one. */
export async function deleteNamedSecret(
  options: NamedSecretsOptions,
  { key, ...place }: SecretsPlace & { readonly key: string },
): Promise<boolean> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await options.store.find(place.tenant, 'credential', namedSecretsRow(place.connection));
    const secrets = row?.value.secrets?.filter((secret) => secret.key !== key);
    if (!row || secrets?.length === row.value.secrets?.length) return false;
    // The row stays when it is empty: the versions that it has given are not given again.
    if (await write(options, place, { row, value: { ...row.value, secrets: secrets ?? [] } })) return true;
  }
  throw contended();
}

async function write(
  { store, generateId }: NamedSecretsOptions,
  { tenant, connection }: SecretsPlace,
  { row, value }: { readonly row: Row<'credential'> | null; readonly value: CredentialRecord },
): Promise<boolean> {
  const id = row?.id ?? generateId();
  const name = namedSecretsRow(connection);
  const verdict = await store.write(tenant, [{ put: 'credential', id, name, expect: row?.version ?? 'absent', value }]);
  return verdict.status === 'written';
}

function recordOf(connection: string, row: Row<'credential'> | null): CredentialRecord {
  return row?.value ?? { connection, kind: 'named_secrets', sealed: '', secretVersion: 0 };
}

async function holds(vault: CredentialVault, place: SecretsPlace, known: NamedSecretRecord, value: string): Promise<boolean> {
  try {
    const opened = await vault.openNamed({ ...place, ...known }, known.sealed);
    return sameSecret(opened.reveal('compare with the new value'), value);
  } catch (error) {
    // A secret that can never be opened again is replaced: putting it is how a host mends it.
    if (isPatchbayError(error) && !error.retryable) return false;
    throw error;
  }
}

const contended = (): PatchbayError =>
  new PatchbayError({
    code: 'conflict',
    message: "The connection's secrets are being changed by others at the same time. Try again.",
    retryable: true,
  });

const tooMany = (): PatchbayError =>
  new PatchbayError({
    code: 'invalid_argument',
    message: `A connection has at most ${mostSecrets} named secrets. Delete some, or keep what is no secret elsewhere.`,
  });
