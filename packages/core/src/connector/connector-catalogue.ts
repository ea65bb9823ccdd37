import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Connector } from './connector-definition.ts';

/** A registered connector and the major that tells it from its other versions. */
export interface CatalogueEntry {
  readonly connector: Connector;
  readonly major: number;
}

/** Entries by connector id, the newest major first. */
export type ConnectorCatalogue = ReadonlyMap<string, readonly CatalogueEntry[]>;

/** The entries of an id, or those of one major of it; none for an unknown one. */
export function findEntries(catalogue: ConnectorCatalogue, id: string, major?: number): readonly CatalogueEntry[] {
  const entries = catalogue.get(id) ?? [];
  return major === undefined ? entries : entries.filter((entry) => entry.major === major);
}

/** The newest entry of an id and perhaps a major. Throws `unknown_connector`, naming what exists. */
export function getEntry(catalogue: ConnectorCatalogue, id: string, major?: number): CatalogueEntry {
  const entry = findEntries(catalogue, id, major)[0];
  if (entry) return entry;
  const names = [...catalogue].flatMap(([known, entries]) => entries.map((each) => `${known}@${each.major}`)).sort();
  const there = names.length === 0 ? 'None is registered' : `Registered: ${names.join(', ')}`;
  const wanted = major === undefined ? id : `${id}@${major}`;
  throw new PatchbayError({ code: 'unknown_connector', message: `There is no connector ${wanted}. ${there}.` });
}

/** What a stored connection says of its connector. */
export interface PinnedConnection {
  readonly connector: string;
  /** Absent in records of before there were several: the lowest that is registered. */
  readonly major?: number | undefined;
}

/** The major that a connection goes by, registered or not. A record of before means the lowest: it was made with what is oldest here. */
export function pinnedMajor(catalogue: ConnectorCatalogue, { connector, major }: PinnedConnection): number | undefined {
  return major ?? catalogue.get(connector)?.at(-1)?.major;
}

/** Splits `jira.create_issue` at its first dot: a connector's id has none, a trigger's name may. */
export function splitName(name: string): readonly [id: string, rest: string] {
  const dot = name.indexOf('.');
  return dot === -1 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
}
