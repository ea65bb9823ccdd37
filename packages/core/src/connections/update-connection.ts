import type { Connector } from '../connector/connector-definition.ts';
import type { Confinement } from '../connector/leaves-confinement.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import type { LimitDeclaration } from '../contracts/limit-declaration.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { checkConnectionInput } from './check-connection-input.ts';
import { withDueAt } from './due-at.ts';
import { movedFromOf } from './moved-from-of.ts';
import { parseConfinement } from './parse-confinement.ts';
import { parseSettings } from './parse-settings.ts';

/** What can be changed without the credential; what is left out stays. `null` takes away. */
export interface ConnectionChanges {
  readonly owner?: string | null;
  readonly externalAccount?: { readonly id: string; readonly name?: string } | null;
  readonly metadata?: Readonly<Record<string, Json>>;
  /** The whole of them. Those that would send the credential elsewhere are refused: put the connection, with its credential. */
  readonly settings?: Readonly<Record<string, Json>>;
  /** `null`: nobody can say. */
  readonly grantedScopes?: readonly string[] | null;
  /**
   * Names of resources by the connector's kinds, `{ repository: ['octocat/hello-world'] }`: others are refused, in and out, and so is what names
   * none or cannot be told. An empty list allows none of the kind; `null` lifts the confinement. @default as before
   */
  readonly confinedTo?: Confinement | null;
  /**
   * Limits of the host's own that it is held to, beside those of its service: `[{ name: 'ours', requests: 10, windowMs: 1_000 }]`. `null` takes them
   * away. @default as before
   */
  readonly limits?: readonly LimitDeclaration[] | null;
  /** When the credential ends, milliseconds since 1970. A later end than one that has passed brings the connection back. `null`: nobody has said. */
  readonly expiresAt?: number | null;
}

/** What updating needs. */
export interface UpdateConnectionOptions {
  readonly store: Pick<ConfigurationStore, 'get' | 'write'>;
  readonly now: () => number;
  /** Days before the end of a credential at which somebody is reminded. */
  readonly remindDays: readonly number[];
  /** Whether requests with the credential go to the same place under other settings. */
  readonly reachesTheSame: (before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>) => boolean;
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Changes a connection and leaves its credential as it is. Throws `not_found`, `invalid_argument`, and `conflict` when others keep changing it. */
export async function updateConnection(
  options: UpdateConnectionOptions,
  place: { readonly tenant: string; readonly id: string; readonly connector: Connector },
  changes: ConnectionChanges,
): Promise<{ readonly before: Row<'connection'>; readonly row: Row<'connection'>; readonly changed: boolean }> {
  const { tenant, id, connector } = place;
  checkConnectionInput(changes);
  const confinedTo = changes.confinedTo && parseConfinement(connector, changes.confinedTo);
  const settings = changes.settings === undefined ? undefined : await parseSettings(connector, changes.settings);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await options.store.get(tenant, 'connection', id);
    if (!row) throw gone();
    if (settings !== undefined && !options.reachesTheSame(row.value.settings, settings)) throw elsewhere();
    const parsed = { ...(settings === undefined ? {} : { settings }), ...(confinedTo === undefined ? {} : { confinedTo }) };
    const said = changed(row.value, { ...changes, ...parsed });
    const value = changes.expiresAt === undefined ? said : withEnd(options, said, changes.expiresAt);
    if (canonicalJson(value) === canonicalJson(row.value)) return { before: row, row, changed: false };
    const verdict = await options.store.write(tenant, [{ put: 'connection', id, name: row.name, expect: row.version, value }]);
    if (verdict.status === 'written') return { before: row, row: { ...row, version: row.version + 1, value }, changed: true };
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The connection is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

function changed(record: ConnectionRecord, changes: ConnectionChanges): ConnectionRecord {
  const { owner, externalAccount, metadata, settings, grantedScopes } = changes;
  const { grantedScopes: before, confinedTo: confinedBefore, limits: limitsBefore, movedFrom: _, ...rest } = record;
  const limits = changes.limits === undefined ? limitsBefore : changes.limits;
  const confinedTo = changes.confinedTo === undefined ? confinedBefore : changes.confinedTo;
  const scopes = grantedScopes === undefined ? before : grantedScopes === null ? undefined : [...new Set(grantedScopes)].sort();
  return {
    ...rest,
    ...(owner === undefined ? {} : { owner }),
    ...(externalAccount === undefined
      ? {}
      : { externalAccountId: externalAccount?.id ?? null, externalAccountName: externalAccount?.name ?? null }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(settings === undefined ? {} : { settings }),
    ...(scopes === undefined ? {} : { grantedScopes: scopes }),
    ...(confinedTo ? { confinedTo } : {}),
    ...movedFromOf(record, { settings: settings ?? rest.settings, confinedTo: confinedTo ?? undefined }),
    ...(limits && limits.length > 0 ? { limits } : {}),
  };
}

/** The record with another end of its credential; one that had ended by the end before, and only by that, is active again. */
function withEnd({ now, remindDays }: UpdateConnectionOptions, record: ConnectionRecord, end: number | null): ConnectionRecord {
  const { credentialExpiresAt: before, remindedDays: _, ...rest } = record;
  const ends = end === null ? {} : { credentialExpiresAt: end };
  if (end === before) return record;
  if (record.status !== 'token_expired' || before === undefined || before > now() || (end ?? Number.POSITIVE_INFINITY) <= now())
    return withDueAt({ ...rest, ...ends }, remindDays);
  const { statusReason: __, ...revived } = rest;
  return withDueAt({ ...revived, ...ends, status: 'active' }, remindDays);
}

function gone(): PatchbayError {
  return new PatchbayError({
    code: 'not_found',
    message: "There is no such connection. List the tenant's connections to see what there is.",
  });
}

// Whoever may change a setting need not know the credential: a site of their own would be sent it.
function elsewhere(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: 'These settings would send the credential to another place. Put the connection with them and with its credential.',
  });
}
