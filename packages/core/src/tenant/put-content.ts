import { isDeepStrictEqual } from 'node:util';
import { containersOf } from '../connector/content-containers.ts';
import type { ContentSource } from '../connector/content-source.ts';
import type { ContentSyncRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { requireScopes } from '../gateway/require-scopes.ts';
import { changeConnection } from './change-connection.ts';
import { connectionRow } from './connection-row.ts';
import { type ContentSync, viewSync } from './content-view.ts';
import { notFound } from './not-found.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** A source of a connection. */
export interface ContentReference {
  /** Id of the connection, `{connector}/{name}`, or a name that only one has. */
  readonly connection: string;
  /** A source of its connector, `issues`. */
  readonly source: string;
}

/** What goes into the search index. */
export interface ContentInput extends ContentReference {
  /** Containers, as a confined connection names them: `['octocat/hello-world']`, at most 200. @default all that the connection may touch */
  readonly containers?: readonly string[];
}

/** Most containers that a host names. */
const mostContainers = 200;

/** Switches a source on, or changes what of it is read; the same content changes nothing. */
export async function putContent(scope: TenantScope, input: ContentInput): Promise<ContentSync> {
  const row = await connectionRow(scope, input.connection);
  const { name, source } = requireSource(scope, row, input.source);
  if (scope.content.index === null)
    throw new PatchbayError({ code: 'unsupported', message: 'The hub has no search index. Pass one: createHub({ searchIndex }).' });
  await requireFeature(scope, 'content');
  const { registry, generateId, clock, tenant } = scope;
  const connector = registry.getFor(row.value);
  requireScopes(connector, { name: input.source, definition: source }, row.value);
  const containers = readContainers(input.containers ?? []);
  const kinds = connector.definition.resources;
  let written: ContentSyncRecord | undefined;
  const changed = await changeConnection(scope, row.id, (record) => {
    const { confinedTo, content = {} } = record;
    // Who is confined is told now, and held to it at each read.
    const reach = containersOf({ what: name, source, kinds, confinedTo, containers });
    const before = Object.hasOwn(content, input.source) ? content[input.source] : undefined;
    const named = containers.length === 0 ? [] : [...reach.containers];
    written = { id: before?.id ?? generateId(), containers: named, createdAt: before?.createdAt ?? Math.floor(clock.now()) };
    return isDeepStrictEqual(before, written) ? null : { ...record, content: { ...content, [input.source]: written } };
  });
  await scope.content.keep(tenant);
  if (written === undefined) throw notFound('connection');
  return viewSync(changed, input.source, written);
}

/** Switches a source off, and has its documents taken out of the index, through the ledger. */
export async function deleteContent(scope: TenantScope, { connection, source }: ContentReference): Promise<void> {
  const row = await connectionRow(scope, connection);
  syncOf(row, source);
  await changeConnection(scope, row.id, (record) => {
    if (!record.content || !Object.hasOwn(record.content, source)) return null;
    const { content, ...rest } = record;
    const { [source]: _off, ...others } = content ?? {};
    return Object.keys(others).length === 0 ? rest : { ...rest, content: others };
  });
  await scope.content.end({ tenant: scope.tenant, connectionId: row.id, connector: row.value.connector, source }, null);
}

/** The sync of a source. Throws `not_found` where it is not switched on. */
export function syncOf(row: Row<'connection'>, source: string): ContentSyncRecord {
  const { content = {} } = row.value;
  const sync = typeof source === 'string' && Object.hasOwn(content, source) ? content[source] : undefined;
  if (sync) return sync;
  throw new PatchbayError({
    code: 'not_found',
    message: "Such content is not brought into the search index. List the tenant's content to see what is.",
  });
}

function requireSource(
  { registry }: TenantScope,
  row: Row<'connection'>,
  source: string,
): { readonly name: string; readonly source: ContentSource } {
  const { connector } = row.value;
  const content = registry.findFor(row.value)?.definition.content ?? {};
  const found = typeof source === 'string' && Object.hasOwn(content, source) ? content[source] : undefined;
  if (found) return { name: `${connector}.${source}`, source: found };
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The connector ${connector} has no such content. It has: ${Object.keys(content).join(', ') || 'none'}.`,
  });
}

function readContainers(containers: unknown): readonly string[] {
  if (Array.isArray(containers) && containers.length <= mostContainers && containers.every((name) => typeof name === 'string'))
    return containers;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `containers is a list of at most ${mostContainers} names. Leave it out for all.`,
  });
}
