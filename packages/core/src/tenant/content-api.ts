import { contentStateName } from '../connections/content-dispatches.ts';
import type { ContentSource } from '../connector/content-source.ts';
import type { RowPage } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { readContentState } from '../scheduling/content/content-state.ts';
import { connectionRow } from './connection-row.ts';
import { type ContentStatus, type ContentSync, viewStatus, viewSync } from './content-view.ts';
import { type ContentInput, type ContentReference, deleteContent, putContent, syncOf } from './put-content.ts';
import type { TenantScope } from './tenant-services.ts';

/** A source of content that a registered connector offers. */
export interface OfferedContent {
  readonly connector: string;
  readonly source: string;
  readonly title: string;
  readonly description: string;
}

/** What of a tenant's services goes into the host's own search index. A source of a connection goes in once. */
export interface ContentApi {
  /** What can be brought in. */
  available(): readonly OfferedContent[];
  /**
   * Brings the documents of a source in, from the beginning and then what changes. The same input changes nothing; other containers are read anew. Throws `unsupported`
   * without a `searchIndex`, `invalid_argument`, `not_found`, `scope_missing`, `plan_limit`, and `resource_refused` for what a confined connection may not touch.
   */
  put(input: ContentInput): Promise<ContentSync>;
  list(): Promise<readonly ContentSync[]>;
  /** Throws `not_found` where it is not switched on. */
  status(reference: ContentReference): Promise<ContentStatus>;
  /** Reads it from the beginning, soon; what does not come any more goes. The index serves on meanwhile. */
  resync(reference: ContentReference): Promise<void>;
  /** Switches it off: its documents go. */
  delete(reference: ContentReference): Promise<void>;
}

/** The content part of a tenant's handle. */
export function contentApi(scope: TenantScope): ContentApi {
  return Object.freeze({
    available: () => offered(scope),
    put: (input: ContentInput) => putContent(scope, input),
    list: () => listContent(scope),
    status: async (reference: ContentReference) => viewStatus(scope, await syncAt(scope, reference)),
    resync: (reference: ContentReference) => resync(scope, reference),
    delete: (reference: ContentReference) => deleteContent(scope, reference),
  });
}

/** Sources of every major, each as the newest that has it says. */
function offered({ registry }: TenantScope): readonly OfferedContent[] {
  const ids = [...new Set(registry.list().map(({ id }) => id))];
  return ids.flatMap((connector) => {
    const sources = Object.assign(
      {},
      ...registry
        .findAll(connector)
        .map(({ definition }) => definition.content ?? {})
        .toReversed(),
    ) as Readonly<Record<string, ContentSource>>;
    return Object.entries(sources).map(([source, { title, description }]) => ({ connector, source, title, description }));
  });
}

async function syncAt(scope: TenantScope, { connection, source }: ContentReference): Promise<ContentSync> {
  const row = await connectionRow(scope, connection);
  return viewSync(row, source, syncOf(row, source));
}

async function listContent(scope: TenantScope): Promise<readonly ContentSync[]> {
  await scope.ready();
  const found: ContentSync[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'connection'> = await scope.storage.configuration.list(scope.tenant, 'connection', { cursor, limit: 500 });
    for (const row of page.rows)
      for (const [source, sync] of Object.entries(row.value.content ?? {})) found.push(viewSync(row, source, sync));
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

async function resync(scope: TenantScope, reference: ContentReference): Promise<void> {
  const { tenant, storage, content, generateId } = scope;
  const sync = await syncAt(scope, reference);
  const place = { tenant, connectionId: sync.connection, connector: sync.connector, source: sync.source };
  const name = contentStateName(place);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const entry = await storage.states.read(tenant, name);
    const state = readContentState(entry?.value);
    // Before the first read it begins at the beginning anyway.
    const isNoted = !entry || !state || state.sync !== sync.id;
    const [verdict] = isNoted
      ? [{ status: 'written' }]
      : await storage.states.write([{ tenant, name, expect: entry.version, value: { ...state, isAgain: true } }]);
    if (verdict?.status === 'written') return content.readSoon(place, generateId());
  }
  throw new PatchbayError({ code: 'conflict', message: 'The content is being read at the same time. Try again.', retryable: true });
}
