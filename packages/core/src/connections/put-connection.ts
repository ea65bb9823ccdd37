import { connectionRowName } from '../configuration/tenant-configuration.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { Confinement } from '../connector/leaves-confinement.ts';
import type { Change, ConfigurationStore, ConnectionRecord, Row, WriteOptions } from '../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { GenerateId } from '../id/generate-id.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { checkAccount, checkScopes } from './check-connection-input.ts';
import { parseCredential } from './credential-schema.ts';
import type { CredentialVault } from './credential-vault.ts';
import { givenCredential } from './held-credential.ts';
import { parseConfinement } from './parse-confinement.ts';
import { parseSettings } from './parse-settings.ts';

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
}

/** Where a connection is put. */
export interface ConnectionPlace {
  readonly tenant: string;
  readonly name: string;
  readonly connector: Connector;
  /** Set where the credential is a grant that was given just now: an account told before may be another one. */
  readonly grant?: {
    /** Id of a connection that is not there yet. */
    readonly newId: string;
    /** Which of several sites it is to is still to be chosen. */
    readonly awaitsSite: boolean;
  };
}

/** Races that are tried again before they are given up; where places are limited, all who take one race with each other. */
const writeTries = 100;

/**
 * Makes or changes the connection of this name; the same content changes nothing. Throws `credential_missing`, `invalid_argument`, and
 * `conflict` when others keep changing it.
 */
export async function putConnection(
  options: PutConnectionOptions,
  place: ConnectionPlace,
  input: ConnectionInput,
): Promise<{ readonly row: Row<'connection'>; readonly changed: boolean; readonly isNew: boolean }> {
  const { tenant, name, connector, grant } = place;
  const credential = parseCredential(input.credential);
  requireMethod(connector, credential);
  checkAccount(input.externalAccount);
  checkScopes(input.grantedScopes);
  const confinedTo = input.confinedTo && parseConfinement(connector, input.confinedTo);
  const settings = await parseSettings(connector, input.settings ?? {});
  await options.checkCredential(credential, settings);
  const rowName = connectionRowName(connector.id, name);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const existing = await options.store.find(tenant, 'connection', rowName);
    const held = existing ? await options.store.find(tenant, 'credential', existing.id) : null;
    const told = await scopesTold(options.vault, { tenant, existing, held }, credential);
    const wanted = { ...input, ...(confinedTo === undefined ? {} : { confinedTo }) };
    const record = recordOf(wanted, { name, settings, existing, grant, now: options.now(), told });
    if (
      existing &&
      held &&
      canonicalJson(record) === canonicalJson(existing.value) &&
      (await isSame(options.vault, tenant, held, credential))
    ) {
      return { row: existing, changed: false, isNew: false };
    }
    const takesPlace = existing === null || existing.value.status === 'disconnected';
    const condition = takesPlace ? await options.admit(rowName) : undefined;
    const id = existing?.id ?? grant?.newId ?? options.generateId();
    const changes = await changesFor(options, { tenant, id, rowName, existing, held, record }, credential);
    const verdict = await options.store.write(tenant, changes.list, condition);
    if (verdict.status === 'conflict') continue;
    const row = await options.store.get(tenant, 'connection', changes.id);
    if (row) return { row, changed: true, isNew: existing === null };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: `The connection ${name} is being changed by others at the same time. Try again.`,
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
  credential: Credential,
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
        value: { connection: id, kind: credential.type, sealed, secretVersion, ...expiryOf(credential) },
      },
    ],
  };
}

/** When a credential ends, where that is known. */
function expiryOf(credential: Credential): { readonly expiresAt?: number } {
  return credential.type === 'oauth2' && credential.expiresAt !== undefined ? { expiresAt: credential.expiresAt } : {};
}

function recordOf(
  input: ConnectionInput,
  given: {
    readonly name: string;
    readonly settings: Readonly<Record<string, Json>>;
    readonly existing: Row<'connection'> | null;
    readonly grant: ConnectionPlace['grant'];
    readonly now: number;
    readonly told: readonly string[] | undefined;
  },
): ConnectionRecord {
  const { name, settings, existing, grant, now, told = input.grantedScopes } = given;
  const known = grant === undefined ? existing : null;
  const active = existing?.value.status === 'active';
  return {
    connector: input.connector,
    name,
    ...(grant?.awaitsSite === true ? { status: 'initializing', statusReason: 'choose_site' } : { status: 'active' }),
    owner: input.owner ?? existing?.value.owner ?? null,
    externalAccountId: input.externalAccount?.id ?? known?.value.externalAccountId ?? null,
    externalAccountName: accountNameOf(input, known),
    settings,
    metadata: input.metadata ?? existing?.value.metadata ?? {},
    secretVersion: existing?.value.secretVersion ?? 0,
    connectedAt: active && existing ? existing.value.connectedAt : now,
    ...(told === undefined ? {} : { grantedScopes: [...new Set(told)].sort() }),
    ...confinementOf(input, existing),
  };
}

/** It is lifted by a word of its own alone: a new credential, or an account connected again, is confined as before. */
function confinementOf({ confinedTo }: ConnectionInput, existing: Row<'connection'> | null): Pick<ConnectionRecord, 'confinedTo'> {
  const wanted = confinedTo === undefined ? existing?.value.confinedTo : confinedTo;
  return wanted ? { confinedTo: wanted } : {};
}

interface Stored {
  readonly tenant: string;
  readonly existing: Row<'connection'> | null;
  readonly held: Row<'credential'> | null;
}

/** The scopes that the service told when it gave a token for this very credential; without them each put of the same content would be a change. */
async function scopesTold(
  vault: CredentialVault,
  { tenant, existing, held }: Stored,
  credential: Credential,
): Promise<readonly string[] | undefined> {
  if (credential.type !== 'client_credentials' || !existing || !held) return undefined;
  return (await isSame(vault, tenant, held, credential)) ? existing.value.grantedScopes : undefined;
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

function requireMethod(connector: Connector, credential: Credential): void {
  const offered = connector.definition.auth.map((method) => method.type);
  if (offered.includes(credential.type)) return;
  throw new PatchbayError({
    code: 'credential_missing',
    message: `The connector ${connector.id} does not take a credential of type ${credential.type}. It takes: ${offered.join(', ')}.`,
  });
}
