import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import { contentHandler, contentOperation } from '../../connections/content-dispatches.ts';
import type { ContentSyncRecord } from '../../contracts/configuration-records.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import type { NewDispatch } from '../../contracts/dispatch-records.ts';
import type { ContentPlace } from '../../contracts/search-index.ts';
import type { Kept } from '../keeper.ts';

/** A sync that is switched on, and its connection. */
export interface SwitchedOn {
  readonly row: Row<'connection'>;
  readonly sync: ContentSyncRecord;
}

/** The sync of a place; `undefined` where it is not switched on, and where its connection has ended. */
export function switchedOn(configuration: TenantConfiguration, { connectionId, source }: ContentPlace): SwitchedOn | undefined {
  const row = configuration.connection(connectionId);
  const { content = {}, status } = row?.value ?? {};
  const sync = Object.hasOwn(content, source) ? content[source] : undefined;
  return row && sync && status !== 'disconnected' ? { row, sync } : undefined;
}

/** What reads a place again and again. Its lane is the connection's: where that is closed, nobody reads. */
export function contentKeeper(place: ContentPlace, sync: Pick<ContentSyncRecord, 'id'>): Kept {
  const { tenant, connectionId, connector, source } = place;
  return {
    tenant,
    // Switched off and on again it is another one, which needs a keeper of its own.
    name: `content:${connectionId}:${source}:${sync.id}`,
    target: `content:${connector}.${source}`,
    handler: contentHandler(connector),
    lane: `connection:${connectionId}`,
    operation: contentOperation(source),
    connection: connectionId,
  };
}

/** What reads a place once, now, to the end. */
export function contentReadDispatch({ tenant, connectionId, connector, source }: ContentPlace, root: string): NewDispatch {
  return {
    key: { tenant, root, target: `content:${source}`, replay: 0, path: 'read' },
    handler: contentHandler(connector),
    lane: `connection:${connectionId}`,
    workClass: 'live',
    operation: contentOperation(source),
    connection: connectionId,
    input: JSON.stringify({ once: true }),
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}
