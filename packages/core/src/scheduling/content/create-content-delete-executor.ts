import { contentDeleteHandler, sourceOfOperation } from '../../connections/content-dispatches.ts';
import type { ConnectorRegistry } from '../../connector/create-registry.ts';
import type { Executor, Outcome, Work } from '../../contracts/executor.ts';
import type { ContentPlace } from '../../contracts/search-index.ts';
import { keeperPolicy } from '../../dispatch/keeper-policy.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { soundError } from '../../errors/sound-error.ts';
import { decodePayload } from '../../events/decode-payload.ts';
import { comeBack, keptNoMore } from '../keeper.ts';
import { readHeld, writeHeld } from './claim-content.ts';
import { againMs, type ContentParts } from './content-parts.ts';
import { switchedOn } from './content-place.ts';
import { freshContent, mostGone, withGone } from './content-state.ts';
import { callIndex } from './settle-content.ts';

/**
 * Takes documents out that an event says are gone. It is noted first, so that a read which began before does not bring them back, and taken out of the index
 * then.
 */
export function createContentDeleteExecutor(parts: ContentParts, registry: Pick<ConnectorRegistry, 'findFor'>): Executor {
  return {
    handler: contentDeleteHandler,
    policy: () => keeperPolicy,
    async execute(work) {
      try {
        return await remove(parts, registry, work);
      } catch (error) {
        return { outcome: 'failed', error: toErrorRecord(soundError(error)), retryable: true };
      }
    },
  };
}

async function remove(parts: ContentParts, registry: Pick<ConnectorRegistry, 'findFor'>, work: Work): Promise<Outcome> {
  const { key, connection, operation } = work.dispatch;
  const { tenant, root } = key;
  const [configuration, event] = await Promise.all([parts.cache.current(tenant), parts.storage.history.event(tenant, root)]);
  const connectionId = connection ?? '';
  const row = configuration.connection(connectionId);
  const connector = row && registry.findFor(row.value);
  if (!connector || !event) return keptNoMore;
  const place: ContentPlace = { tenant, connectionId, connector: connector.id, source: sourceOfOperation(operation) };
  const on = switchedOn(configuration, place);
  const { deletedBy = {} } = connector.definition.content?.[place.source] ?? {};
  const trigger = event.type.slice(connector.id.length + 1);
  const idsOf = Object.hasOwn(deletedBy, trigger) ? deletedBy[trigger] : undefined;
  if (!on || !idsOf) return keptNoMore;
  const ids = readIds(idsOf(decodePayload(event.data)), `${connector.id}.${place.source}`);
  if (ids.length === 0) return keptNoMore;
  const held = (await readHeld(parts, place)) ?? { place, state: freshContent(on.sync.id), version: 'absent' as const };
  // All of it is being taken out anyway.
  if (held.state.isEnding) return keptNoMore;
  if (held.state.sync !== on.sync.id) return comeBack(againMs, 'moved');
  const noted = await writeHeld(parts, held, withGone(held.state, ids, await parts.storage.now()));
  if (noted === null) return comeBack(1, 'moved');
  await callIndex(parts, work, (signal) => parts.index.delete({ ...place, ids, signal }));
  return keptNoMore;
}

function readIds(given: unknown, what: string): readonly string[] {
  const isId = (id: unknown): id is string => typeof id === 'string' && id !== '' && id.length <= 200;
  if (Array.isArray(given) && given.length <= mostGone && given.every(isId)) return [...new Set(given)];
  throw new PatchbayError({
    code: 'internal',
    message: `The content of ${what} gives no ids for what an event says is gone. Report it to the connector's author.`,
  });
}
