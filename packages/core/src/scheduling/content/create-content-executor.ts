import { type ReadyConnection, readyConnection, renewRefused } from '../../actions/ready-connection.ts';
import { contentHandler, sourceOfOperation } from '../../connections/content-dispatches.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import { type ContentReach, containersOf } from '../../connector/content-containers.ts';
import type { ContentSource } from '../../connector/content-source.ts';
import type { ConnectorRegistry } from '../../connector/create-registry.ts';
import type { Executor, Outcome, Work } from '../../contracts/executor.ts';
import type { ContentPlace } from '../../contracts/search-index.ts';
import { keeperPolicy } from '../../dispatch/keeper-policy.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { soundError } from '../../errors/sound-error.ts';
import { requireScopes } from '../../gateway/require-scopes.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import { comeBack, keptNoMore, sendKeeper, turnAt } from '../keeper.ts';
import { turnOf } from '../polling/poll-keeper.ts';
import { claimContent, type HeldContent } from './claim-content.ts';
import { againMs, type ContentParts } from './content-parts.ts';
import { contentKeeper, switchedOn } from './content-place.ts';
import { endContent } from './end-content.ts';
import { readContent } from './read-content.ts';
import { callIndex, settleContent } from './settle-content.ts';
import { takeContentPage } from './take-content-page.ts';

/** Pages of one turn, and milliseconds after which no further one is begun: others want theirs too. */
const mostPages = 10;
const turnMs = 8_000;

/** Milliseconds by which the first failure puts the next read off, and most that failures do. */
const firstBackoffMs = 10_000;
const longestBackoffMs = 3_600_000;

/** Failures in a row after which a read that was asked for is left to the next one that comes by itself. */
const mostOnce = 5;

/** Milliseconds until a sync whose connection has ended is looked at again; its lane is closed until then. */
const endedMs = 60_000;

/** A connector whose content is read, of each connection by the major that it is pinned to. */
export interface ReadConnector {
  readonly id: string;
  readonly registry: Pick<ConnectorRegistry, 'findFor'>;
}

/** Reads the content of one connector into the host's index, turn by turn. A lease keeps a place to one process, the claim to one line of reads. */
export function createContentExecutor(parts: ContentParts, connector: ReadConnector): Executor {
  return {
    handler: contentHandler(connector.id),
    policy: () => keeperPolicy,
    async execute(work) {
      try {
        return await keep(parts, connector, work);
      } catch (error) {
        return { outcome: 'failed', error: toErrorRecord(soundError(error)), retryable: true };
      }
    },
  };
}

interface Turn {
  readonly place: ContentPlace;
  readonly connector: Connector;
  readonly source: ContentSource;
  readonly ready: ReadyConnection;
  /** An error: the connection may not read it any more. */
  readonly reach: ContentReach | { readonly refused: unknown };
  readonly work: Work;
  /** It is a read that was asked for, which ends when it has come to the end. */
  readonly isOnce: boolean;
}

async function keep(parts: ContentParts, { id, registry }: ReadConnector, work: Work): Promise<Outcome> {
  const { dispatch } = work;
  const { tenant } = dispatch.key;
  const name = sourceOfOperation(dispatch.operation);
  const place = { tenant, connectionId: dispatch.connection ?? '', connector: id, source: name };
  const configuration = await parts.cache.current(tenant);
  const row = configuration.connection(place.connectionId);
  const connector = row?.value.connector === id ? registry.findFor(row.value) : undefined;
  const { content = {} } = connector?.definition ?? {};
  const source = Object.hasOwn(content, name) ? content[name] : undefined;
  const on = switchedOn(configuration, place);
  if (!on && row?.value.content?.[name]) return comeBack(endedMs, 'connection');
  const keeper = on && contentKeeper(place, on.sync);
  const turn = turnOf(dispatch.input);
  if (!connector || !source || !keeper || (turn !== null && nameOf(dispatch.input) !== keeper.name)) return keptNoMore;
  const now = await parts.storage.now();
  if (turn !== null && turnAt(now) > turn) {
    await sendKeeper(parts, keeper, now);
    return keptNoMore;
  }
  if (!(await isAllowed(parts, tenant))) return turn === null ? keptNoMore : comeBack(interval(parts, source), 'plan');
  const ready = await readyConnection(parts, dispatch, connector.definition);
  if ('outcome' in ready) return ready.outcome === 'held' ? comeBack(againMs, 'moved') : ready;
  const reach = reachOf(connector, { place, source, ready, containers: on.sync.containers });
  const claim = { place, sync: on.sync.id, source, reach: 'refused' in reach ? null : reach, now };
  const held = await claimContent(parts, claim);
  if (held === null) {
    await endContent(parts, place, { but: on.sync.id, isMending: true });
    return comeBack(againMs, 'moved');
  }
  return read(parts, { place, connector, source, ready, reach, work, isOnce: turn === null }, held);
}

function nameOf(input: string | null): unknown {
  const written: unknown = input === null ? null : JSON.parse(input);
  return isJsonObject(written) ? written['name'] : undefined;
}

function reachOf(
  { id, definition }: Connector,
  given: {
    readonly place: ContentPlace;
    readonly source: ContentSource;
    readonly ready: ReadyConnection;
    readonly containers: readonly string[];
  },
): Turn['reach'] {
  const { place, source, ready, containers } = given;
  const { confinedTo } = ready.connection.value;
  try {
    return containersOf({ what: `${id}.${place.source}`, source, kinds: definition.resources, confinedTo, containers });
  } catch (refused) {
    return { refused };
  }
}

/** Reads pages for as long as the turn lasts. A failure leaves the cursor where the last page has moved it. */
async function read(parts: ContentParts, turn: Turn, claimed: HeldContent): Promise<Outcome> {
  const { connector, source, ready, reach, work, place } = turn;
  const endsAt = parts.clock.monotonic() + turnMs;
  let held = claimed;
  try {
    const cleared = await clear(parts, turn, held);
    if (cleared === null) return comeBack(againMs, 'moved');
    held = cleared;
    if ('refused' in reach) throw reach.refused;
    requireScopes(connector, { name: place.source, definition: source }, ready.connection.value);
    for (let pages = 1; ; pages += 1) {
      const page = await readContent(parts, { place, connector, source, ready, reach }, { cursor: held.state.cursor, work });
      const goesOn = page.more && pages < mostPages && parts.clock.monotonic() < endsAt;
      const taken = await takeContentPage(parts, { held, work, page, goesOn });
      if (taken === null) return comeBack(againMs, 'moved');
      held = taken;
      if (goesOn) continue;
      if (page.more || held.state.isAgain) return comeBack(1, 'more');
      return turn.isOnce ? keptNoMore : comeBack(interval(parts, source), 'waits');
    }
  } catch (error) {
    return failed(parts, turn, held, error);
  }
}

/** Takes out what must not be found any more, before anything else is done. */
async function clear(parts: ContentParts, { place, work }: Turn, held: HeldContent): Promise<HeldContent | null> {
  if (!held.state.isToClear) return held;
  await callIndex(parts, work, (signal) => parts.index.deleteAll({ ...place, signal }));
  return settleContent(parts, { held, work }, (state) => ({ ...state, isToClear: false }));
}

/** Puts the next read off for longer and longer. */
async function failed(parts: ContentParts, { place, ready, work, isOnce }: Turn, held: HeldContent, thrown: unknown): Promise<Outcome> {
  const error = soundError(thrown);
  if (isPatchbayError(error) && error.code === 'authentication_failed')
    await renewRefused(parts, work.dispatch, ready.connection.value.secretVersion).catch(() => undefined);
  const record = toErrorRecord(error);
  const at = await parts.storage.now();
  const failures = Math.min(held.state.failures + 1, 1_000);
  const { code, message } = record;
  await settleContent(parts, { held, work }, (state) => ({ ...state, failures, error: { code, message, at }, readingUntil: null }));
  const { tenant, connectionId, connector: connectorId, source } = place;
  parts.notify('content.failed', { tenant, connectionId, connectorId, source, failures, error: record, at });
  // What reads it at its interval goes on.
  if (isOnce && failures >= mostOnce) return keptNoMore;
  const asked = isPatchbayError(error) ? (error.retryAfterMs ?? 0) : 0;
  return comeBack(Math.max(asked, Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(failures - 1, 20))), 'failed');
}

async function isAllowed({ plans }: Pick<ContentParts, 'plans'>, tenant: string): Promise<boolean> {
  if (plans === null) return true;
  const name = await plans.planOf(tenant);
  return plans.plans.some((plan) => plan.name === name && plan.features.includes('content'));
}

/** Milliseconds until the next read, a tenth more or less, so that not all read at once. */
const interval = ({ random }: Pick<ContentParts, 'random'>, { intervalMs }: ContentSource): number =>
  intervalMs * (1 + 0.1 * (2 * random() - 1));
