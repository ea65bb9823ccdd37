import majorOf from 'semver/functions/major.js';
import valid from 'semver/functions/valid.js';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { type BuiltInActions, createBuiltInActions } from './built-in-actions.ts';
import { type CatalogueEntry, findEntries, getEntry, type PinnedConnection, pinnedMajor } from './connector-catalogue.ts';
import type { Connector } from './connector-definition.ts';
import { dependencyMisfits, hubMisfit } from './connector-fit.ts';
import { readConnector } from './read-connector.ts';
import { type ResolvedAction, resolveAction, resolveAny } from './resolve-action.ts';
import { findTrigger, type ResolvedTrigger, resolveTrigger } from './resolve-trigger.ts';

/** The connectors of a hub. Two majors of one connector may stand side by side; without a major the newest is meant. */
export interface ConnectorRegistry {
  /** Throws `connector_invalid` for what is no connector, `connector_incompatible` where the hub's version or the (id, major) does not fit. */
  register(candidate: unknown): Connector;
  find(id: string, major?: number): Connector | undefined;
  /** Throws `unknown_connector`, naming what exists. */
  get(id: string, major?: number): Connector;
  /** Every major of an id, the newest first. */
  findAll(id: string): readonly Connector[];
  /** The connector of a connection, of the major that it is pinned to: never of another. */
  findFor(connection: PinnedConnection): Connector | undefined;
  /** The same. Throws `unknown_connector`, naming what exists. */
  getFor(connection: PinnedConnection): Connector;
  /** In the order of registration. */
  list(): readonly Connector[];
  /** The action `{connector}.{action}`; never that of another major. Throws `unknown_connector` or `unknown_action`, naming what exists. */
  resolve(name: string, major?: number): ResolvedAction;
  /** The action of the newest major that has it, for names of which no connection is known. Throws as {@link resolve} does. */
  resolveAny(name: string): ResolvedAction;
  /** The action as a connection's calls mean it: of the major that it is pinned to. Throws as {@link resolve} does. */
  resolveFor(name: string, connection: PinnedConnection): ResolvedAction;
  /** The trigger of the event type `{connector}.{trigger}`; without a major, of the newest that has it. */
  findTrigger(type: string, major?: number): ResolvedTrigger | undefined;
  /** Throws `unknown_connector` or `unknown_trigger`, naming what exists. */
  resolveTrigger(type: string, major?: number): ResolvedTrigger;
  /** Actions of the hub's own, which go through no connection. */
  readonly builtIn: BuiltInActions;
  /** Every event type that a registered connector can emit, sorted. */
  eventTypes(): readonly string[];
  /** Call it when all are registered, in whatever order. Throws `connector_incompatible` that names every dependency that does not fit. */
  check(): void;
}

/** An empty registry for a hub of this semantic version. Throws `invalid_argument` for a version that is none. */
export function createRegistry({ hubVersion }: { readonly hubVersion: string }): ConnectorRegistry {
  if (valid(hubVersion) === null) {
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The hub version ${hubVersion} is not a semantic version. Pass one, such as 0.1.0.`,
    });
  }
  const catalogue = new Map<string, readonly CatalogueEntry[]>();
  const order: Connector[] = [];
  return {
    register: (candidate) => {
      const entry = admit(catalogue, candidate, hubVersion);
      const { connector } = entry;
      const entries = [...findEntries(catalogue, connector.id), entry];
      catalogue.set(
        connector.id,
        entries.toSorted((left, right) => right.major - left.major),
      );
      order.push(connector);
      return connector;
    },
    find: (id, major) => findEntries(catalogue, id, major)[0]?.connector,
    get: (id, major) => getEntry(catalogue, id, major).connector,
    findAll: (id) => findEntries(catalogue, id).map(({ connector }) => connector),
    findFor: (connection) => findEntries(catalogue, connection.connector, pinnedMajor(catalogue, connection))[0]?.connector,
    getFor: (connection) => getEntry(catalogue, connection.connector, pinnedMajor(catalogue, connection)).connector,
    list: () => [...order],
    resolve: (name, major) => resolveAction(catalogue, name, major),
    resolveAny: (name) => resolveAny(catalogue, name),
    resolveFor: (name, connection) => resolveAction(catalogue, name, pinnedMajor(catalogue, connection)),
    findTrigger: (type, major) => findTrigger(catalogue, type, major),
    resolveTrigger: (type, major) => resolveTrigger(catalogue, type, major),
    builtIn: createBuiltInActions(),
    eventTypes: () => eventTypes(order),
    check: () => checkDependencies(order),
  };
}

function admit(catalogue: ReadonlyMap<string, readonly CatalogueEntry[]>, candidate: unknown, hubVersion: string): CatalogueEntry {
  const connector = readConnector(candidate);
  const { hub, id, version } = connector.manifest;
  const misfit = hubMisfit(connector.manifest, hubVersion);
  if (misfit !== undefined) throw incompatible(misfit, { connector: id, version, needs: hub, found: hubVersion });
  const major = majorOf(version);
  const twin = findEntries(catalogue, id, major)[0];
  if (twin === undefined) return { connector, major };
  const both = `${twin.connector.manifest.version} and ${version}`;
  const message = `The connector ${id} is registered twice with major ${major} (${both}). Register one of them.`;
  throw incompatible(message, { connector: id, version });
}

function eventTypes(connectors: readonly Connector[]): readonly string[] {
  const types = connectors.flatMap(({ id, triggers }) => Object.keys(triggers).map((name) => `${id}.${name}`));
  return [...new Set(types)].sort();
}

function checkDependencies(connectors: readonly Connector[]): void {
  const misfits = dependencyMisfits(connectors.map(({ manifest }) => manifest));
  if (misfits.length > 0) throw incompatible(misfits.join(' '), { faults: misfits });
}

function incompatible(message: string, details: Readonly<Record<string, Json>>): PatchbayError {
  return new PatchbayError({ code: 'connector_incompatible', message, details });
}
