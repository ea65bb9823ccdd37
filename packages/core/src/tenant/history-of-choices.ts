import { configurationProperties } from '../connector/configuration-properties.ts';
import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { AuditActor } from '../contracts/audit-store.ts';
import type { ConnectorChangeRecord, ConnectorChoices } from '../contracts/configuration-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { Json } from '../json/json.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** One change of what a tenant has set for a connector. */
export interface ConnectorChange {
  readonly connector: string;
  /** The revision that it made. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: AuditActor;
  /** `null` before the first. A value that the connector marks as sensitive reads `[redacted]`. */
  readonly before: ConnectorChoices | null;
  readonly after: ConnectorChoices;
  /** What differs: `values.project`, `flags.quiet_hours`, `off.actions.create_issue`. */
  readonly changed: readonly string[];
}

/** What is set by a tenant that has set nothing. */
export const noChoices: ConnectorChoices = { values: {}, flags: {}, off: { actions: [], triggers: [] } };

/** Changes of one connector that are kept; the oldest goes with each that comes after. */
export const keptChanges = 100;

/** Ids count down, so that a list in order of ids begins with the newest. */
const lastNumber = 9_999_999_999;

/** Id of the record of a change. */
export const changeId = (connector: string, revision: number): string =>
  `${connector}/${String(lastNumber - revision).padStart(String(lastNumber).length, '0')}`;

/** Two versions of what is set, without the values that must not stand in a history. */
export function recordOfChange(
  definition: AnyDefinition,
  { before, after }: Pick<ConnectorChangeRecord, 'before' | 'after'>,
): Pick<ConnectorChangeRecord, 'before' | 'after' | 'changed'> {
  return {
    before: before && redacted(definition, before),
    after: redacted(definition, after),
    changed: changedNames(before ?? noChoices, after),
  };
}

/** A value that the connector declares no more may have been sensitive when it was stored: it is replaced too. */
function redacted({ id, configuration }: AnyDefinition, choices: ConnectorChoices): ConnectorChoices {
  const properties = configuration && configurationProperties(configuration, id);
  const isShown = (name: string): boolean => properties?.names.has(name) === true && !properties.sensitive.has(name);
  const shown = Object.entries(choices.values).map(([name, value]): [string, Json] => [name, isShown(name) ? value : '[redacted]']);
  return { ...choices, values: Object.fromEntries(shown) };
}

function changedNames(before: ConnectorChoices, after: ConnectorChoices): readonly string[] {
  const differing = (part: 'values' | 'flags'): string[] => {
    const old = new Map<string, unknown>(Object.entries(before[part]));
    const now = new Map<string, unknown>(Object.entries(after[part]));
    const isSame = (name: string): boolean =>
      old.has(name) === now.has(name) && canonicalJson([old.get(name)]) === canonicalJson([now.get(name)]);
    return [...new Set([...old.keys(), ...now.keys()])].filter((name) => !isSame(name)).map((name) => `${part}.${name}`);
  };
  const switched = (list: 'actions' | 'triggers'): string[] => {
    const [old, now] = [before.off[list], after.off[list]];
    return [...old, ...now].filter((name) => old.includes(name) !== now.includes(name)).map((name) => `off.${list}.${name}`);
  };
  return [...differing('values'), ...differing('flags'), ...switched('actions'), ...switched('triggers')];
}

/** A page of a connector's changes, the newest first. Throws `invalid_argument` for a cursor that is none. */
export async function historyOfChoices(scope: TenantScope, connector: string, options: ListOptions): Promise<Page<ConnectorChange>> {
  const { cursor, limit } = pageRequest(options);
  const after = cursor === null ? `${connector}/` : changeId(connector, revisionIn(cursor));
  const { rows } = await scope.storage.configuration.list(scope.tenant, 'connector_change', { cursor: after, limit: limit + 1 });
  const own = rows.flatMap(({ value }) => (value.connector === connector ? [value] : []));
  const items = own.slice(0, limit);
  return { items, cursor: own.length > limit ? String(items.at(-1)?.revision) : null };
}

function revisionIn(cursor: string): number {
  if (/^[1-9]\d{0,9}$/.test(cursor)) return Number(cursor);
  throw new PatchbayError({ code: 'invalid_argument', message: 'The cursor of a page is what the last page answered.' });
}
