import { contentStateName } from '../connections/content-dispatches.ts';
import type { ContentSyncRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { ErrorCode } from '../errors/error-code.ts';
import { readContentState } from '../scheduling/content/content-state.ts';
import type { TenantScope } from './tenant-services.ts';

/** A source of content that goes into the host's search index. */
export interface ContentSync {
  readonly id: string;
  /** Id of the connection. */
  readonly connection: string;
  readonly connector: string;
  /** `issues`. */
  readonly source: string;
  /** Containers that the host has named, as they are compared; empty: all that the connection may touch. */
  readonly containers: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Why the last read has failed. */
export interface ContentError {
  readonly code: ErrorCode | string;
  /** For a person; it holds no secret. */
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How far a source has come. */
export interface ContentStatus extends ContentSync {
  /** `waiting`: nothing was read yet; `reading`: its first reading, or one from the beginning, is under way; `current`: it has come to the end, and goes on from there. */
  readonly state: 'waiting' | 'reading' | 'current';
  /** When a page was last taken, milliseconds since 1970; `null` before the first. */
  readonly lastReadAt: number | null;
  /** Milliseconds since the cursor last moved; `null` before it has. */
  readonly cursorAgeMs: number | null;
  /** As the index counts them; `null` where it does not. */
  readonly documents: number | null;
  /** Failures in a row. */
  readonly failures: number;
  /** `null` where the last read has succeeded. */
  readonly lastError: ContentError | null;
}

/** The host's view of a stored sync. */
export function viewSync({ id, value }: Pick<Row<'connection'>, 'id' | 'value'>, source: string, sync: ContentSyncRecord): ContentSync {
  const { containers, createdAt } = sync;
  return { id: sync.id, connection: id, connector: value.connector, source, containers: [...containers], createdAt };
}

/** How far it has come, as the store and the index say. */
export async function viewStatus({ tenant, storage, content }: TenantScope, sync: ContentSync): Promise<ContentStatus> {
  const place = { tenant, connectionId: sync.connection, connector: sync.connector, source: sync.source };
  const [entry, now] = await Promise.all([storage.states.read(tenant, contentStateName(place)), storage.now()]);
  const read = readContentState(entry?.value);
  const state = read?.sync === sync.id && !read.isEnding ? read : null;
  const documents = (await content.index?.count?.(place)) ?? null;
  return {
    ...sync,
    state: state === null || state.readAt === null ? 'waiting' : state.isWhole && !state.isAgain ? 'current' : 'reading',
    lastReadAt: state?.readAt ?? null,
    cursorAgeMs: typeof state?.movedAt === 'number' ? Math.max(0, now - state.movedAt) : null,
    documents,
    failures: state?.failures ?? 0,
    lastError: state?.error ?? null,
  };
}
