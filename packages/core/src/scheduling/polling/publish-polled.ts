import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import { parseWith } from '../../connector/parse-with.ts';
import type { IngestState, Revision } from '../../contracts/hot-store.ts';
import { buildEvent, isEventSubject, isEventTime } from '../../events/build-event.ts';
import type { Publisher } from '../../events/create-publisher.ts';
import { eventData } from '../../events/event-data.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import { admission, receives } from '../../webhooks/inbound/admission.ts';
import type { AskConnector } from '../../webhooks/inbound/ask-connector.ts';
import { confinedAdmission } from '../../webhooks/inbound/confined-admission.ts';
import { requireWanted, UnwantedEvent } from '../../webhooks/inbound/wanted-event.ts';
import type { PollPlace } from './poll-keeper.ts';
import type { ReadPollAnswer } from './read-poll-answer.ts';

/** What publishing what was found needs. */
export interface PublishPolledParts {
  readonly cache: ConfigurationCache;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly generateId: GenerateId;
  readonly askConnector: AskConnector;
}

/** One thing that was found. */
export interface Polled {
  readonly place: PollPlace;
  readonly connector: Connector;
  readonly found: ReadPollAnswer['events'][number];
  /** When it was looked, milliseconds since 1970. */
  readonly now: number;
  /** Goes with it in one transaction: the cursor, with the last of a look. @default none */
  readonly state?: IngestState;
}

/**
 * Publishes one thing that was found, once for its id, as a webhook's event would be: unless the tenant has turned the trigger off, does not take such
 * events, or keeps the connection from the resource. False: it was kept out, and the state was not written.
 */
export async function publishPolled(parts: PublishPolledParts, { place, connector, found, now, state }: Polled): Promise<boolean> {
  const { cache, publisher, generateId } = parts;
  const { tenant, connection, trigger } = place;
  const type = `${connector.id}.${trigger}`;
  const definition = connector.triggers[trigger];
  const subject = {
    code: 'invalid_event',
    what: `What ${type} found`,
    advice: 'The service answers otherwise than expected. Report it to the author.',
  } as const;
  if (definition) await parseWith(definition.payload, found.data, subject);
  const { bytes, data } = eventData(found.data, subject.what);
  const event = buildEvent({
    ...{ tenant, id: generateId(), type, connection, data: bytes },
    time: isEventTime(Math.round(found.time ?? now)) ? Math.round(found.time ?? now) : now,
    subject: isEventSubject(found.subject) ? found.subject : undefined,
    class: definition?.class ?? 'custom',
    severity: definition?.severity ?? 'info',
  });
  const admit = admission({
    ...{ cache, tenant, heldIn: null },
    holds: (configuration) => {
      const row = configuration.connection(connection);
      return row !== undefined && receives(row.value);
    },
  });
  const arriving = { connector, trigger, data };
  const within = confinedAdmission({ cache, place: { tenant, connection, admit }, event: arriving });
  const admitAll = async (revision: Revision): Promise<void> => {
    await within.admit(revision);
    await requireWanted(parts, revision, { tenant, ...arriving });
  };
  const dedupe = { key: `poll:${connection}:${trigger}:${found.id}`, hash: null };
  const published = await publisher
    .publish({ event, data, dedupe, admit: admitAll, ...(state ? { state } : {}) })
    .catch((error: unknown) => {
      if (error instanceof UnwantedEvent) return null;
      within.droppedBy(error);
      return null;
    });
  return published !== null;
}
