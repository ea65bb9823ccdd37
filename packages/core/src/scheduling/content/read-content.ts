import type { ReadyConnection } from '../../actions/ready-connection.ts';
import { runWithin } from '../../bounds/run-within.ts';
import { contentOperation } from '../../connections/content-dispatches.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import { connectorValues } from '../../connector/connector-values.ts';
import { type ContentReach, withinContainers } from '../../connector/content-containers.ts';
import type { ContentSource } from '../../connector/content-source.ts';
import { type ReadContentPage, readContentPage } from '../../connector/read-content-page.ts';
import type { Work } from '../../contracts/executor.ts';
import type { ContentPlace } from '../../contracts/search-index.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { openSession } from '../../gateway/open-session.ts';
import type { Json } from '../../json/json.ts';
import type { ContentParts } from './content-parts.ts';

/** Milliseconds for one read of the service. */
const timeoutMs = 30_000;

/** One read. */
export interface ContentRead {
  readonly place: ContentPlace;
  readonly connector: Connector;
  readonly source: ContentSource;
  readonly ready: ReadyConnection;
  readonly reach: ContentReach;
}

/** Asks the service through the gateway for a page from a cursor on. Throws `internal` for what is no page, and for one that promises more and does not move. */
export async function readContent(
  { gateway, clock }: Pick<ContentParts, 'gateway' | 'clock'>,
  { place, connector, source, ready, reach }: ContentRead,
  { cursor, work }: { readonly cursor: Json; readonly work: Work },
): Promise<ReadContentPage> {
  const what = `${connector.id}.${place.source}`;
  const endsAt = clock.monotonic() + timeoutMs;
  const bounds = { clock, timeoutMs, signal: work.signal, what, deadline: () => work.deadline };
  const given = await runWithin(bounds, (signal) => {
    const session = openSession(gateway, {
      ...{ connection: ready.connection, credential: ready.credential, tenant: place.tenant, definition: connector.definition },
      ...{ author: 'connector', operation: contentOperation(place.source), idempotency: 'read' },
      ...{ dispatch: work.dispatch.key, attempt: work.attempt, key: null, signal, deadline: () => work.deadline, endsAt: () => endsAt },
    });
    const { http, settings } = session;
    const values = connectorValues(connector.definition, ready.choices);
    return source.read({ cursor, containers: reach.containers, http, settings, signal, ...values });
  });
  const page = withinContainers(readContentPage(given, what), reach);
  if (page.more && JSON.stringify(page.cursor) === JSON.stringify(cursor))
    throw new PatchbayError({
      code: 'internal',
      message: `The content of ${what} says that there is more, and its cursor stands still. Report it to the connector's author.`,
    });
  return page;
}
