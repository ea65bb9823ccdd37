import { z } from 'zod';
import type { EventRecord, NewDispatch } from '../contracts/dispatch-records.ts';
import type { ContentPlace } from '../contracts/search-index.ts';

/** What takes documents out that an event says are gone. */
export const contentDeleteHandler = 'content-delete';

/** What takes all documents of a place out whose sync has ended. */
export const contentEndHandler = 'content-end';

/** What reads the content of a connector. */
export const contentHandler = (connector: string): string => `content:${connector}`;

/** The operation of a dispatch, and of the requests that it makes. No action has such a name. */
export const contentOperation = (source: string): string => `content.${source}`;

/** The source of an operation. */
export const sourceOfOperation = (operation: string): string => operation.slice('content.'.length);

/** Where it is kept how far a place has been read. */
export const contentStateName = ({ connectionId, source }: Pick<ContentPlace, 'connectionId' | 'source'>): string =>
  `${contentStatePrefix}${connectionId}:${source}`;

/** What the names of all of them begin with. */
export const contentStatePrefix = 'content:';

const common = { workClass: 'live', version: null, delayMs: 0, mark: 'claim', onUnknown: 'retry', ordering: null } as const;

// Not the connection's own lane: that is closed while the connection cannot be used, and what is gone is gone.
const laneOf = (connectionId: string): string => `content:${connectionId}`;

/** The dispatch that takes out, once an event is committed, what the event says is gone. */
export function contentDeleteDispatch(
  { tenant, id: root }: Pick<EventRecord, 'tenant' | 'id'>,
  { connectionId, source }: Pick<ContentPlace, 'connectionId' | 'source'>,
): NewDispatch {
  return {
    ...common,
    key: { tenant, root, target: `content:${source}`, replay: 0, path: 'delete' },
    handler: contentDeleteHandler,
    lane: laneOf(connectionId),
    operation: contentOperation(source),
    connection: connectionId,
    input: null,
  };
}

const place = z.object({ connectionId: z.string(), connector: z.string(), source: z.string() });

/** The dispatch that takes everything of a place out. */
export function contentEndDispatch({ tenant, connectionId, connector, source }: ContentPlace, root: string): NewDispatch {
  return {
    ...common,
    key: { tenant, root, target: `content:${source}`, replay: 0, path: 'end' },
    handler: contentEndHandler,
    lane: laneOf(connectionId),
    operation: contentOperation(source),
    connection: null,
    input: JSON.stringify({ connectionId, connector, source } satisfies z.infer<typeof place>),
  };
}

/** The place of such a dispatch. Throws for what this version did not write. */
export const placeOfEnd = (tenant: string, input: string | null): ContentPlace => ({ tenant, ...place.parse(JSON.parse(input ?? 'null')) });
