import type { Act } from '../audit/recorder.ts';
import { disconnect } from '../connections/disconnect.ts';
import {
  deleteNamedSecret,
  listNamedSecrets,
  type NamedSecretsOptions,
  openNamedSecret,
  putNamedSecrets,
} from '../connections/named-secrets.ts';
import type { NamedSecretRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Secret } from '../secret/secret.ts';
import { isName } from './check-text.ts';
import { connectionRow } from './connection-row.ts';
import { notFound } from './not-found.ts';
import { recordAct } from './record-act.ts';
import type { TenantScope } from './tenant-services.ts';

/** A named secret as the host sees it: never its value. */
export interface VaultSecret {
  /** Id of the connection. */
  readonly connection: string;
  readonly key: string;
  /** Raised with every new value. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** A secret to keep: its connection by id or name, its key, its value. */
export interface VaultSecretInput {
  readonly connection: string;
  /** 1 to 200 characters. */
  readonly key: string;
  /** Text of 1 to 65,536 characters. */
  readonly value: string;
}

/** Longest value, in UTF-16 units. */
const longestValue = 65_536;

/** Throws `invalid_argument` for a key or value that cannot be kept; the value is not repeated. */
export function checkSecret({ key, value }: { readonly key: unknown; readonly value: unknown }): void {
  if (!isName(key)) throw invalid('The key of a secret is text of 1 to 200 characters without control characters.');
  const fits = typeof value === 'string' && value !== '' && value.length <= longestValue && value.isWellFormed();
  if (!fits) throw invalid(`The value of a secret is text of 1 to ${longestValue} characters.`);
}

/**
 * Stores secrets of one connection. Throws `not_found`, `conflict` where the connection is disconnected, and what
 * `checkSecret` throws.
 */
export async function putSecrets(
  scope: TenantScope,
  reference: string,
  values: ReadonlyMap<string, string>,
): Promise<readonly (VaultSecret & { readonly changed: boolean })[]> {
  const { tenant, storage, cache } = scope;
  const row = await connectionRow(scope, reference);
  if (row.value.status === 'disconnected') throw disconnected();
  const stored = await putNamedSecrets(optionsOf(scope), { tenant, connection: row.id }, values);
  // Ended while this was written: then nothing of it stays.
  const after = await storage.configuration.get(tenant, 'connection', row.id);
  if (after?.value.status === 'disconnected') {
    await disconnect(scope.configuration, tenant, row.id);
    throw disconnected();
  }
  cache.forget(tenant);
  return [...stored.values()].map(({ secret, changed }) => ({ ...viewOf(row, secret), changed }));
}

/** Opens a secret for a purpose. Throws `not_found` and what the vault throws. */
export async function useSecret(
  scope: TenantScope,
  { connection: reference, key, purpose }: { readonly connection: string; readonly key: string; readonly purpose: string },
): Promise<Secret> {
  if (!isName(purpose)) throw invalid('A secret is used for a purpose. Say in a few words what it is for.');
  const row = await connectionRow(scope, reference);
  const use = { purpose, record: (act: Act) => recordAct(scope, act) };
  const secret = await openNamedSecret(optionsOf(scope), { tenant: scope.tenant, connection: row.id, key, ...use });
  if (secret === undefined) throw notFound('secret');
  return secret;
}

/** What a connection has, in the order in which it was stored. Throws `not_found`. */
export async function listSecrets(scope: TenantScope, reference: string): Promise<readonly VaultSecret[]> {
  const row = await connectionRow(scope, reference);
  const secrets = await listNamedSecrets(optionsOf(scope), { tenant: scope.tenant, connection: row.id });
  return secrets.map((secret) => viewOf(row, secret));
}

/** Takes a secret away. Throws `not_found`. */
export async function deleteSecret(
  scope: TenantScope,
  { connection: reference, key }: { readonly connection: string; readonly key: string },
): Promise<void> {
  const row = await connectionRow(scope, reference);
  const isGone = await deleteNamedSecret(optionsOf(scope), { tenant: scope.tenant, connection: row.id, key });
  if (!isGone) throw notFound('secret');
  scope.cache.forget(scope.tenant);
}

function optionsOf({ configuration, vault, generateId, clock }: TenantScope): NamedSecretsOptions {
  return { store: configuration, vault, generateId, now: () => clock.now() };
}

function viewOf({ id: connection }: Row<'connection'>, { key, secretVersion: version, updatedAt }: NamedSecretRecord): VaultSecret {
  return { connection, key, version, updatedAt };
}

const invalid = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });

const disconnected = (): PatchbayError =>
  new PatchbayError({
    code: 'conflict',
    message: 'The connection is disconnected, so nothing was stored. Connect the account again first.',
  });
