import type { ConfigurationChanges, ConfigurationKind, ConfigurationSnapshot, ConfigurationStore, Row } from '@patchbay/core/adapter';
import { type AuditState, record } from '../audit/audit-state.ts';
import { type ConfigurationState, type RowTable, revisionOf } from './configuration-state.ts';
import { accountText } from './locators.ts';
import { writeChanges } from './write-changes.ts';

/** Most connections that one look-up by account answers; the contract's number. */
const mostAccounts = 1_000;

const copyRow = <Kind extends ConfigurationKind>(row: Row<Kind>): Row<Kind> => structuredClone(row);

const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);

function tableOf<Kind extends ConfigurationKind>(state: ConfigurationState, tenant: string, kind: Kind): RowTable<Kind> | undefined {
  return state.scopes.get(tenant)?.tables[kind];
}

const sortedRows = <Kind extends ConfigurationKind>(state: ConfigurationState, tenant: string, kind: Kind): Row<Kind>[] =>
  [...(tableOf(state, tenant, kind)?.byId.values() ?? [])].sort(byId);

function snapshot(state: ConfigurationState, tenant: string, kinds: readonly ConfigurationKind[]): ConfigurationSnapshot {
  const rows: { [Kind in ConfigurationKind]?: readonly Row<Kind>[] } = {};
  const take = <Kind extends ConfigurationKind>(kind: Kind): void => {
    Object.assign(rows, { [kind]: sortedRows(state, tenant, kind).map(copyRow) });
  };
  for (const kind of kinds) take(kind);
  return { revision: revisionOf(state, tenant), rows };
}

/** What has changed since a revision; `null` where the log does not reach back to it. */
function changesSince(
  state: ConfigurationState,
  { tenant, kinds, since }: { readonly tenant: string; readonly kinds: readonly ConfigurationKind[]; readonly since: number },
): ConfigurationChanges | null {
  const revision = revisionOf(state, tenant);
  const logged = (state.scopes.get(tenant)?.log ?? []).filter((entry) => entry.revision > since);
  if (since > revision.tenant || logged.length !== revision.tenant - since) return null;
  const rows: { [Kind in ConfigurationKind]?: readonly Row<Kind>[] } = {};
  const gone: { kind: ConfigurationKind; id: string }[] = [];
  const take = <Kind extends ConfigurationKind>(kind: Kind): void => {
    const ids = new Set(logged.flatMap((entry) => entry.rows.flatMap((row) => (row.kind === kind ? [row.id] : []))));
    const found = [...ids].sort().map((id) => ({ id, row: tableOf(state, tenant, kind)?.byId.get(id) }));
    Object.assign(rows, { [kind]: found.flatMap(({ row }) => (row === undefined ? [] : [copyRow(row)])) });
    gone.push(...found.flatMap(({ id, row }) => (row === undefined ? [{ kind, id }] : [])));
  };
  for (const kind of kinds) take(kind);
  return { revision, rows, gone };
}

const byText = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

/** Earliest first, then by tenant and id. */
function dueConnections(state: ConfigurationState, by: number): { readonly tenant: string; readonly connection: string }[] {
  const due = [...state.scopes].flatMap(([tenant, { tables }]) =>
    [...tables.connection.byId.values()].flatMap(({ id, value: { dueAt } }) =>
      dueAt !== undefined && dueAt <= by ? [{ tenant, connection: id, dueAt }] : [],
    ),
  );
  due.sort((left, right) => left.dueAt - right.dueAt || byText(left.tenant, right.tenant) || byText(left.connection, right.connection));
  return due.map(({ tenant, connection }) => ({ tenant, connection }));
}

/** What is configured, over the state. */
export function memoryConfiguration(
  { configuration: state, audit: trails }: { readonly configuration: ConfigurationState; readonly audit: AuditState },
  now: () => number,
): ConfigurationStore {
  return {
    revision: async (tenant) => revisionOf(state, tenant),
    async write(tenant, changes, { audit = [], revision } = {}) {
      const verdict = writeChanges(state, { tenant, changes, revision, now: now() });
      if (verdict.status === 'written') record(trails, tenant, audit, now());
      return verdict;
    },
    async get(tenant, kind, id) {
      const row = tableOf(state, tenant, kind)?.byId.get(id);
      return row === undefined ? null : copyRow(row);
    },
    async find(tenant, kind, name) {
      const table = tableOf(state, tenant, kind);
      const row = table?.byId.get(table.byName.get(name) ?? '');
      return row === undefined || row.name !== name ? null : copyRow(row);
    },
    async list(tenant, kind, { cursor, limit }) {
      const rest = sortedRows(state, tenant, kind).filter((row) => cursor === null || row.id > cursor);
      const rows = rest.slice(0, limit).map(copyRow);
      return { rows, cursor: rest.length > limit ? (rows.at(-1)?.id ?? null) : null };
    },
    snapshot: async (tenant, kinds) => snapshot(state, tenant, kinds),
    changes: async (tenant, kinds, since) => changesSince(state, { tenant, kinds, since }),
    locateRegistration: async (id) => state.locators.registrations.get(id)?.values().next().value ?? null,
    locateReceiver: async (id) => state.locators.receivers.get(id)?.values().next().value ?? null,
    async locateAccount(connector, externalAccountId) {
      const located = state.locators.accounts.get(accountText(connector, externalAccountId))?.values() ?? [];
      return [...located].slice(0, mostAccounts).map((one) => ({ ...one }));
    },
    dueConnections: async ({ by, limit }) => dueConnections(state, by).slice(0, limit),
  };
}
