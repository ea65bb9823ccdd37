import { connectionRowName } from '../configuration/tenant-configuration.ts';
import type { Credential } from '../connector/auth-method.ts';
import { majorOf } from '../connector/major-of.ts';
import type { ConnectionRecord, CredentialRecord } from '../contracts/configuration-records.ts';
import type { Change, ConfigurationStore, Row, WriteOptions } from '../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { bindToApp } from './bind-to-app.ts';
import { checkConnectionInput } from './check-connection-input.ts';
import type { ConnectionInput, ConnectionPlace } from './connection-input.ts';
import { parseCredential } from './credential-schema.ts';
import type { CredentialVault } from './credential-vault.ts';
import type { HeldCredential } from './held-credential.ts';
import { holdsPlace, isAnnounced } from './holds-place.ts';
import { parseConfinement } from './parse-confinement.ts';
import { parseSettings } from './parse-settings.ts';
import { type RecordOptions, recordOf } from './record-of-connection.ts';
import { requireMethod } from './require-method.ts';

/** What putting needs. */
export interface PutConnectionOptions extends RecordOptions {
  readonly store: ConfigurationStore;
  readonly vault: CredentialVault;
  readonly generateId: GenerateId;
  /** Asked before a place is taken: what the write must be made under. Throws where there is none. */
  readonly admit: (rowName: string) => Promise<WriteOptions | undefined>;
  /** Throws where the connector cannot use the credential, though it takes the kind. */
  readonly checkCredential: (credential: Credential, settings: Readonly<Record<string, Json>>) => void | Promise<void>;
}

/** What became of putting. */
export interface PutConnection {
  /** `null` where there was none. */
  readonly before: Row<'connection'> | null;
  readonly row: Row<'connection'>;
  readonly changed: boolean;
  readonly isNew: boolean;
}

/** Races that are tried again before they are given up; where places are limited, all who take one race with each other. */
const writeTries = 100;

/**
 * Makes or changes the connection of this name; the same content changes nothing. Throws `credential_missing`, `invalid_argument`, and
 * `conflict` when others keep changing it.
 */
export async function putConnection(options: PutConnectionOptions, place: ConnectionPlace, input: ConnectionInput): Promise<PutConnection> {
  const { tenant, name, connector, grant } = place;
  const given = parseCredential(input.credential);
  requireMethod(connector, given);
  checkConnectionInput(input);
  const confinedTo = input.confinedTo && parseConfinement(connector, input.confinedTo);
  const settings = await parseSettings(connector, input.settings ?? {});
  await options.checkCredential(given, settings);
  const rowName = connectionRowName(connector.id, name);
  const major = majorOf(connector.definition.version);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await options.store.find(tenant, 'connection', rowName);
    const held = existing ? await options.store.find(tenant, 'credential', existing.id) : null;
    if (existing) refuseMoved(existing.value, major);
    const credential = await bindToApp(options.store, { tenant, connector: connector.id }, given);
    const keeps = existing !== null && held !== null && (await isSame(options.vault, tenant, held, credential));
    const told = keeps && credential.type === 'client_credentials' ? existing.value.grantedScopes : input.grantedScopes;
    const wanted = { ...input, ...(confinedTo === undefined ? {} : { confinedTo }) };
    const record = recordOf(options, wanted, { name, major, settings, existing, keeps, told, grant });
    // A record of before its major was written down is pinned with the first change.
    if (keeps && canonicalJson(record) === canonicalJson({ major, ...existing.value }))
      return { before: existing, row: existing, changed: false, isNew: false };
    const takesPlace = existing === null || !holdsPlace(existing.value);
    const condition = takesPlace ? await options.admit(rowName) : undefined;
    const id = existing?.id ?? grant?.newId ?? options.generateId();
    const changes = await changesFor(options, { tenant, id, rowName, existing, held, record }, credential);
    const verdict = await options.store.write(tenant, changes.list, condition);
    if (verdict.status === 'conflict') continue;
    const row = await options.store.get(tenant, 'connection', changes.id);
    if (row) return { before: existing, row, changed: true, isNew: existing === null };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: `The connection ${name} is being changed by others at the same time. Try again.`,
    retryable: true,
  });
}

/** Whoever began before it was moved would move it back. */
function refuseMoved(record: ConnectionRecord, major: number): void {
  if (isAnnounced(record) || record.major === undefined || record.major === major) return;
  throw new PatchbayError({
    code: 'conflict',
    message: `The connection ${record.name} has been moved to major ${record.major} meanwhile. Connect it again as it is now.`,
    retryable: true,
  });
}

interface Found {
  readonly tenant: string;
  readonly id: string;
  readonly rowName: string;
  readonly existing: Row<'connection'> | null;
  readonly held: Row<'credential'> | null;
  readonly record: ConnectionRecord;
}

async function changesFor(
  options: PutConnectionOptions,
  found: Found,
  credential: HeldCredential,
): Promise<{ readonly id: string; readonly list: readonly Change[] }> {
  const { tenant, id, rowName, existing, held, record } = found;
  const secretVersion = record.secretVersion + 1;
  const sealed = await options.vault.seal({ tenant, connection: id, secretVersion }, credential);
  return {
    id,
    list: [
      { put: 'connection', id, name: rowName, expect: existing?.version ?? 'absent', value: { ...record, secretVersion } },
      {
        put: 'credential',
        id: held?.id ?? id,
        name: id,
        expect: held?.version ?? 'absent',
        value: { connection: id, kind: credential.type, sealed, secretVersion, ...expiryOf(credential), ...previousOf(record, held) },
      },
    ],
  };
}

/** When a credential ends, where that is known. */
function expiryOf(credential: Credential): { readonly expiresAt?: number } {
  return credential.type === 'oauth2' && credential.expiresAt !== undefined ? { expiresAt: credential.expiresAt } : {};
}

/** The one before stays as long as the record says so. */
function previousOf({ previousUntil }: ConnectionRecord, held: Row<'credential'> | null): Pick<CredentialRecord, 'previous'> {
  return previousUntil !== undefined && held?.value.previous ? { previous: held.value.previous } : {};
}

async function isSame(vault: CredentialVault, tenant: string, held: Row<'credential'>, credential: HeldCredential): Promise<boolean> {
  try {
    const { minted: _, ...before } = await vault.open(tenant, held);
    return canonicalJson(before) === canonicalJson(credential);
  } catch (error) {
    // A credential that can never be opened again is replaced: putting the connection is how a host mends it.
    if (isPatchbayError(error) && !error.retryable) return false;
    throw error;
  }
}
