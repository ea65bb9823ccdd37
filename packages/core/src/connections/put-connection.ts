import { connectionRowName } from '../configuration/tenant-configuration.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { ExternalAccount } from '../connector/iconnector.ts';
import type { Confinement } from '../connector/leaves-confinement.ts';
import type {
  Change,
  ConfigurationStore,
  ConnectionCheck,
  ConnectionRecord,
  CredentialRecord,
  Row,
  WriteOptions,
} from '../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { checkConnectionInput } from './check-connection-input.ts';
import { parseCredential } from './credential-schema.ts';
import type { CredentialVault } from './credential-vault.ts';
import { withDueAt } from './due-at.ts';
import { givenCredential } from './held-credential.ts';
import { holdsPlace } from './holds-place.ts';
import { parseConfinement } from './parse-confinement.ts';
import { parseSettings } from './parse-settings.ts';
import { requireMethod } from './require-method.ts';

/** What a host says to connect an account. */
export interface ConnectionInput {
  /** Id of a registered connector. */
  readonly connector: string;
  readonly credential: Credential;
  /** As the connector's settings schema wants them, such as Jira's site. @default {} */
  readonly settings?: Readonly<Record<string, Json>>;
  /** Host user who made it. */
  readonly owner?: string;
  /**
   * The account at the service. Whoever has it receives the account's events of a service that posts to one URL per app, so take it from the
   * service itself (`connections.test` tells it), never from what a person typed.
   */
  readonly externalAccount?: { readonly id: string; readonly name?: string };
  readonly metadata?: Readonly<Record<string, Json>>;
  /**
   * What the service lets this credential do, as it says. An action that needs more is refused before it is sent. @default unknown: nothing is
   * compared, and the service decides. Of client credentials it tells itself when it gives a token, and that holds.
   */
  readonly grantedScopes?: readonly string[];
  /**
   * Names of resources by the connector's kinds, `{ repository: ['octocat/hello-world'] }`: others are refused, in and out, and so is what names
   * none or cannot be told. An empty list allows none of the kind; `null` lifts the confinement. @default what it is confined to already, which is nothing for a new one
   */
  readonly confinedTo?: Confinement | null;
  /** When the credential ends, milliseconds since 1970: somebody is reminded before, and it is used no more afterwards. @default nobody has said */
  readonly expiresAt?: number;
  /**
   * Asks the service with the credential first, as `connections.test` does: one that is refused, or belongs to another account than the one that is
   * known, changes nothing. @default false
   */
  readonly check?: boolean;
}

/** What putting needs. */
export interface PutConnectionOptions {
  readonly store: ConfigurationStore;
  readonly vault: CredentialVault;
  readonly generateId: GenerateId;
  readonly now: () => number;
  /** Asked before a place is taken: what the write must be made under. Throws where there is none. */
  readonly admit: (rowName: string) => Promise<WriteOptions | undefined>;
  /** Throws where the connector cannot use the credential, though it takes the kind. */
  readonly checkCredential: (credential: Credential, settings: Readonly<Record<string, Json>>) => void | Promise<void>;
  /** Days before the end of a credential at which somebody is reminded. */
  readonly remindDays: readonly number[];
  /** What a look at the service with the credential has shown. @default nobody looked */
  readonly looked?: { readonly check: ConnectionCheck; readonly account: ExternalAccount | null };
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
export async function putConnection(
  options: PutConnectionOptions,
  place: { readonly tenant: string; readonly name: string; readonly connector: Connector },
  input: ConnectionInput,
): Promise<PutConnection> {
  const { tenant, name, connector } = place;
  const credential = parseCredential(input.credential);
  requireMethod(connector, credential);
  checkConnectionInput(input);
  const confinedTo = input.confinedTo && parseConfinement(connector, input.confinedTo);
  const settings = await parseSettings(connector, input.settings ?? {});
  await options.checkCredential(credential, settings);
  const rowName = connectionRowName(connector.id, name);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await options.store.find(tenant, 'connection', rowName);
    const held = existing ? await options.store.find(tenant, 'credential', existing.id) : null;
    const keeps = existing !== null && held !== null && (await isSame(options.vault, tenant, held, credential));
    const told = keeps && credential.type === 'client_credentials' ? existing.value.grantedScopes : input.grantedScopes;
    const wanted = { ...input, ...(confinedTo === undefined ? {} : { confinedTo }) };
    const record = recordOf(options, wanted, { name, settings, existing, keeps, told });
    if (keeps && canonicalJson(record) === canonicalJson(existing.value))
      return { before: existing, row: existing, changed: false, isNew: false };
    const takesPlace = existing === null || !holdsPlace(existing.value);
    const condition = takesPlace ? await options.admit(rowName) : undefined;
    const changes = await changesFor(options, { tenant, rowName, existing, held, record }, credential);
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

interface Found {
  readonly tenant: string;
  readonly rowName: string;
  readonly existing: Row<'connection'> | null;
  readonly held: Row<'credential'> | null;
  readonly record: ConnectionRecord;
}

async function changesFor(
  options: PutConnectionOptions,
  found: Found,
  credential: Credential,
): Promise<{ readonly id: string; readonly list: readonly Change[] }> {
  const { tenant, rowName, existing, held, record } = found;
  const id = existing?.id ?? options.generateId();
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

interface Given {
  readonly name: string;
  readonly settings: Readonly<Record<string, Json>>;
  readonly existing: Row<'connection'> | null;
  /** Whether the credential is the one that it has. */
  readonly keeps: boolean;
  /** What the host says, or the service when it gave a token for this very credential: without it each put of the same would be a change. */
  readonly told: readonly string[] | undefined;
}

function recordOf(options: PutConnectionOptions, input: ConnectionInput, given: Given): ConnectionRecord {
  const { name, settings, existing, keeps, told } = given;
  const now = options.now();
  const before = existing?.value;
  const account = input.externalAccount?.id ?? before?.externalAccountId ?? options.looked?.account?.id ?? null;
  const isOver = input.expiresAt !== undefined && input.expiresAt <= now;
  const status = isOver ? 'token_expired' : 'active';
  const goesOn = before !== undefined && (before.status === 'active' || (keeps && before.status === status));
  const record: ConnectionRecord = {
    connector: input.connector,
    name,
    status,
    ...(isOver ? { statusReason: 'expired' } : {}),
    owner: input.owner ?? before?.owner ?? null,
    externalAccountId: account,
    externalAccountName: accountNameOf(input, existing) ?? (account === options.looked?.account?.id ? options.looked.account.name : null),
    settings,
    metadata: input.metadata ?? before?.metadata ?? {},
    secretVersion: before?.secretVersion ?? 0,
    connectedAt: goesOn ? before.connectedAt : now,
    ...(told === undefined ? {} : { grantedScopes: [...new Set(told)].sort() }),
    ...confinementOf(input, existing),
    ...(input.expiresAt === undefined ? {} : { credentialExpiresAt: input.expiresAt }),
    ...(options.looked && !keeps ? { lastCheck: options.looked.check } : {}),
  };
  return withDueAt(keeps && before ? { ...toldOf(before, record), ...record } : record, options.remindDays);
}

/** It is lifted by a word of its own alone: a new credential, or an account connected again, is confined as before. */
function confinementOf({ confinedTo }: ConnectionInput, existing: Row<'connection'> | null): Pick<ConnectionRecord, 'confinedTo'> {
  const wanted = confinedTo === undefined ? existing?.value.confinedTo : confinedTo;
  return wanted ? { confinedTo: wanted } : {};
}

/** What is known of a credential that stays, as far as it is said to be used as before. */
function toldOf(before: ConnectionRecord, record: ConnectionRecord): Partial<ConnectionRecord> {
  const { lastCheck, remindedDays, previousUntil } = before;
  const isSameEnd = before.credentialExpiresAt === record.credentialExpiresAt;
  // The one before must not be sent where other settings would send it.
  const isSamePlace = canonicalJson(before.settings) === canonicalJson(record.settings);
  return {
    ...(lastCheck === undefined ? {} : { lastCheck }),
    ...(remindedDays === undefined || !isSameEnd ? {} : { remindedDays }),
    ...(previousUntil === undefined || !isSamePlace ? {} : { previousUntil }),
  };
}

/** A name told before holds on for the same account only. */
function accountNameOf({ externalAccount }: ConnectionInput, existing: Row<'connection'> | null): string | null {
  if (externalAccount?.name !== undefined) return externalAccount.name;
  const isSame = externalAccount === undefined || externalAccount.id === existing?.value.externalAccountId;
  return (isSame ? existing?.value.externalAccountName : null) ?? null;
}

async function isSame(vault: CredentialVault, tenant: string, held: Row<'credential'>, credential: Credential): Promise<boolean> {
  try {
    return canonicalJson(givenCredential(await vault.open(tenant, held))) === canonicalJson(credential);
  } catch (error) {
    // A credential that can never be opened again is replaced: putting the connection is how a host mends it.
    if (isPatchbayError(error) && !error.retryable) return false;
    throw error;
  }
}
