import type { ConnectorChoices, SubscriberRecord } from '../contracts/configuration-records.ts';
import type { ConfigurationChanges, ConfigurationKind, ConfigurationSnapshot, Row } from '../contracts/configuration-store.ts';
import type { Revision } from '../contracts/hot-store.ts';

/** What is configured for one tenant, as read under one revision, with the look-ups that the hot path needs. */
export interface TenantConfiguration {
  readonly tenant: string;
  readonly revision: Revision;
  /** All of it, in order of id. */
  readonly rows: ConfigurationSnapshot['rows'];
  readonly automations: readonly Row<'automation'>[];
  readonly subscribers: readonly SubscriberRecord[];
  readonly connections: readonly Row<'connection'>[];
  connection(id: string): Row<'connection'> | undefined;
  /** By the name that is unique per connector. */
  connectionNamed(connector: string, name: string): Row<'connection'> | undefined;
  /** By id, by `{connector}/{name}`, or by a name that one of them alone has. */
  connectionReferred(reference: string): Row<'connection'> | undefined;
  credential(connection: string): Row<'credential'> | undefined;
  registration(id: string): Row<'registration'> | undefined;
  registrationsOf(connection: string): readonly Row<'registration'>[];
  readonly endpoints: readonly Row<'endpoint'>[];
  endpoint(id: string): Row<'endpoint'> | undefined;
  receiver(id: string): Row<'receiver'> | undefined;
  /** What the tenant has set for a connector. */
  choices(connector: string): ConnectorChoices | undefined;
}

/** The kinds of which a process keeps every row. A change of another one is no reason to read anything. */
export const cachedKinds = [
  'connection',
  'credential',
  'registration',
  'automation',
  'connector_configuration',
  'endpoint',
  'receiver',
  'alert_rule',
  'mapping',
  'enrichment',
] as const satisfies readonly ConfigurationKind[];

/** The row name of a connection: unique per tenant and connector. */
export function connectionRowName(connector: string, name: string): string {
  return `${connector}/${name}`;
}

/** Builds the look-ups over a snapshot of the tenant and the hub-wide subscribers. */
export function tenantConfiguration(
  tenant: string,
  snapshot: ConfigurationSnapshot,
  subscribers: readonly SubscriberRecord[],
): TenantConfiguration {
  const {
    connection: connections = [],
    credential: credentials = [],
    registration: registrations = [],
    automation: automations = [],
    connector_configuration: configured = [],
    endpoint: endpoints = [],
    receiver: receivers = [],
  } = snapshot.rows;
  // Connectors are handed these, call after call: what one of them changed would be another call's settings.
  for (const { value } of [...connections, ...configured]) if (!Object.isFrozen(value)) freezeDeep(value);
  const byId = new Map(connections.map((row) => [row.id, row]));
  const byName = new Map(connections.map((row) => [row.name, row]));
  const byShortName = Map.groupBy(connections, (row) => row.value.name);
  const credentialOf = new Map(credentials.flatMap((row) => (row.value.secrets ? [] : [[row.value.connection, row]])));
  const registrationById = new Map(registrations.map((row) => [row.id, row]));
  const endpointById = new Map(endpoints.map((row) => [row.id, row]));
  const receiverById = new Map(receivers.map((row) => [row.id, row]));
  const choicesOf = new Map(configured.map(({ id, value }): [string, ConnectorChoices] => [id, value]));
  const registrationsBy = Map.groupBy(registrations, (row) => row.value.connection);
  return {
    tenant,
    revision: snapshot.revision,
    rows: snapshot.rows,
    automations,
    subscribers,
    connections,
    connection: (id) => byId.get(id),
    connectionNamed: (connector, name) => byName.get(connectionRowName(connector, name)),
    connectionReferred(reference) {
      const exact = byId.get(reference) ?? byName.get(reference);
      if (exact) return exact;
      const named = byShortName.get(reference);
      return named?.length === 1 ? named[0] : undefined;
    },
    credential: (connection) => credentialOf.get(connection),
    registration: (id) => registrationById.get(id),
    registrationsOf: (connection) => registrationsBy.get(connection) ?? [],
    endpoints,
    endpoint: (id) => endpointById.get(id),
    receiver: (id) => receiverById.get(id),
    choices: (connector) => choicesOf.get(connector),
  };
}

/** The configuration after some changes; rows that are as they were stay the same objects. */
export function changedConfiguration(before: TenantConfiguration, changes: ConfigurationChanges): TenantConfiguration {
  const rows: { [Kind in ConfigurationKind]?: readonly Row<Kind>[] } = { ...before.rows };
  const merge = <Kind extends ConfigurationKind>(kind: Kind): void => {
    const changed: readonly Row<Kind>[] = changes.rows[kind] ?? [];
    const outdated = new Set([...changed, ...changes.gone.filter((row) => row.kind === kind)].map(({ id }) => id));
    if (outdated.size === 0) return;
    const kept = (before.rows[kind] ?? []).filter(({ id }) => !outdated.has(id));
    Object.assign(rows, { [kind]: [...kept, ...changed].sort(byId) });
  };
  for (const kind of cachedKinds) merge(kind);
  return tenantConfiguration(before.tenant, { revision: changes.revision, rows }, before.subscribers);
}

const byId = (left: { readonly id: string }, right: { readonly id: string }): number => (left.id < right.id ? -1 : 1);

function freezeDeep(value: object): void {
  Object.freeze(value);
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null && !Object.isFrozen(inner)) freezeDeep(inner);
}
