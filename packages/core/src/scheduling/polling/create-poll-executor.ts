import { type ReadyConnection, type ReadyConnectionOptions, readyConnection, renewRefused } from '../../actions/ready-connection.ts';
import { runWithin } from '../../bounds/run-within.ts';
import type { Clock } from '../../clock/clock.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import { connectorValues } from '../../connector/connector-values.ts';
import type { ConnectorRegistry } from '../../connector/create-registry.ts';
import { type PollingDeclaration, usualJitter } from '../../connector/polling-declaration.ts';
import type { Executor, Outcome, Work } from '../../contracts/executor.ts';
import type { Storage } from '../../contracts/storage.ts';
import { keeperPolicy } from '../../dispatch/keeper-policy.ts';
import { toErrorRecord } from '../../errors/error-record.ts';
import { isPatchbayError } from '../../errors/patchbay-error.ts';
import { soundError } from '../../errors/sound-error.ts';
import { StaleStateError } from '../../events/stale-state-error.ts';
import type { GatewayOptions } from '../../gateway/gateway-options.ts';
import { openSession } from '../../gateway/open-session.ts';
import type { Json } from '../../json/json.ts';
import type { Notify } from '../../notices/notices.ts';
import { comeBack, type KeeperParts, keptNoMore, sendKeeper, turnAt } from '../keeper.ts';
import { type KeepPolledParts, publishOrKeep } from './keep-polled.ts';
import { type PollPlace, pollHandler, pollKeeper, pollStateName, turnOf } from './poll-keeper.ts';
import { type PollState, readPollState } from './poll-state.ts';
import { type ReadPollAnswer, readPollAnswer } from './read-poll-answer.ts';

/** What looking needs. */
export interface PollParts extends KeepPolledParts, KeeperParts, Omit<ReadyConnectionOptions, 'cache'> {
  readonly cache: KeepPolledParts['cache'];
  readonly publisher: KeepPolledParts['publisher'] & KeeperParts['publisher'];
  readonly storage: Pick<Storage<unknown>, 'states' | 'now' | 'receipts'>;
  readonly gateway: GatewayOptions;
  readonly clock: Clock;
  readonly notify: Notify;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Whether an automation, a subscriber or an endpoint waits for it. */
  readonly isAwaited: (configuration: TenantConfiguration, place: PollPlace) => boolean;
}

/** Milliseconds for one look, and most that failures put the next one off. */
const timeoutMs = 45_000;
const longestBackoffMs = 3_600_000;

/** Milliseconds until another process that has moved on is followed. */
const againMs = 1_000;

/** A connector whose connections are looked through, each by the major that it is pinned to. */
export interface PolledConnector {
  readonly id: string;
  readonly registry: Pick<ConnectorRegistry, 'findFor'>;
}

/** Executes the looks of one connector's polling triggers. A lease keeps it to one process, the cursor's version to one line of looks. */
export function createPollExecutor(parts: PollParts, polled: PolledConnector): Executor {
  return {
    handler: pollHandler(polled.id),
    policy: () => keeperPolicy,
    async execute(work) {
      try {
        return await keep(parts, polled, work);
      } catch (error) {
        if (error instanceof StaleStateError) return comeBack(againMs, 'moved');
        return { outcome: 'failed', error: toErrorRecord(soundError(error)), retryable: true };
      }
    },
  };
}

async function keep(parts: PollParts, { id, registry }: PolledConnector, work: Work): Promise<Outcome> {
  const { dispatch } = work;
  const { tenant } = dispatch.key;
  const place = { tenant, connection: dispatch.connection ?? '', connector: id, trigger: dispatch.operation };
  const configuration = await parts.cache.current(tenant);
  const row = configuration.connection(place.connection);
  const connector = row?.value.connector === id ? registry.findFor(row.value) : undefined;
  const polling = connector?.triggers[place.trigger]?.polling;
  if (!connector || !polling || !row || row.value.status === 'disconnected') return keptNoMore;
  const now = await parts.storage.now();
  if (turnAt(now) > (turnOf(dispatch.input) ?? 0)) {
    await sendKeeper(parts, pollKeeper(place), now);
    return keptNoMore;
  }
  const looking = { place, connector, polling, now };
  const entry = await parts.storage.states.read(tenant, pollStateName(place));
  const isOff = configuration.choices(connector.id)?.off.triggers.includes(place.trigger) ?? false;
  if (isOff || !parts.isAwaited(configuration, place)) {
    // What came while nobody waited for it is nobody's.
    if (entry) await parts.storage.states.write([{ tenant, name: entry.name, expect: entry.version, value: null }]);
    return comeBack(interval(parts, polling), 'unawaited');
  }
  const ready = await readyConnection(parts, dispatch, connector.definition);
  if ('outcome' in ready) return ready.outcome === 'held' ? comeBack(againMs, 'moved') : ready;
  const state = readPollState(entry?.value);
  const at = { ...looking, ready, state, expect: entry?.version ?? ('absent' as const) };
  try {
    return await taken(parts, at, await ask(parts, at, work));
  } catch (error) {
    if (error instanceof StaleStateError) throw error;
    return failed(parts, at, work, error);
  }
}

interface Look {
  readonly place: PollPlace;
  readonly connector: Connector;
  readonly polling: PollingDeclaration;
  readonly now: number;
  readonly ready: ReadyConnection;
  readonly state: PollState;
  readonly expect: number | 'absent';
}

async function ask({ gateway, clock }: PollParts, { place, connector, polling, ready, state }: Look, work: Work): Promise<ReadPollAnswer> {
  const what = `${connector.id}.${place.trigger}`;
  const endsAt = clock.monotonic() + timeoutMs;
  const given = await runWithin({ clock, timeoutMs, signal: work.signal, what, deadline: () => work.deadline }, (signal) => {
    const session = openSession(gateway, {
      ...{
        ...ready,
        tenant: place.tenant,
        definition: connector.definition,
        author: 'connector',
        operation: place.trigger,
        idempotency: 'read',
      },
      ...{ dispatch: work.dispatch.key, attempt: work.attempt, key: null, signal, deadline: () => work.deadline, endsAt: () => endsAt },
    });
    const { http, settings } = session;
    return polling.poll({ cursor: state.cursor, http, settings, signal, ...connectorValues(connector.definition, ready.choices) });
  });
  return readPollAnswer(given, what);
}

/** Stores what was found, the cursor together with the last of it. */
async function taken(parts: PollParts, look: Look, answer: ReadPollAnswer): Promise<Outcome> {
  const { place, connector, polling, now, state, expect } = look;
  const more = answer.more ?? false;
  const isFirst = !state.hasBegun && polling.begins !== 'everything';
  const name = pollStateName(place);
  const value: Json = { cursor: answer.cursor, hasBegun: state.hasBegun || !more, failures: 0 };
  const events = isFirst ? [] : answer.events;
  let isWritten = false;
  for (const [index, found] of events.entries()) {
    const isLast = index === events.length - 1;
    const published = await publishOrKeep(parts, { place, connector, found, now, ...(isLast ? { state: { name, expect, value } } : {}) });
    isWritten = isLast && published;
  }
  const isMoved = JSON.stringify(value) !== JSON.stringify(state);
  if (!isWritten && isMoved) {
    const [verdict] = await parts.storage.states.write([{ tenant: place.tenant, name, expect, value }]);
    if (verdict?.status === 'conflict') return comeBack(againMs, 'moved');
  }
  return more ? comeBack(1, 'more') : comeBack(interval(parts, polling), 'waits');
}

/** Puts the next look off for longer and longer. The cursor stays where it is. */
async function failed(
  parts: PollParts,
  { place, polling, ready, state, expect, now }: Look,
  { dispatch }: Work,
  thrown: unknown,
): Promise<Outcome> {
  const error = soundError(thrown);
  if (isPatchbayError(error) && error.code === 'authentication_failed')
    await renewRefused(parts, dispatch, ready.connection.value.secretVersion).catch(() => undefined);
  const failures = Math.min(state.failures + 1, 1_000);
  const { tenant, connection: connectionId, connector: connectorId, trigger: triggerId } = place;
  const value: Json = { ...(state satisfies PollState), failures };
  await parts.storage.states.write([{ tenant, name: pollStateName(place), expect, value }]);
  parts.notify('poll.failed', { tenant, connectionId, connectorId, triggerId, failures, error: toErrorRecord(error), at: now });
  const asked = isPatchbayError(error) ? (error.retryAfterMs ?? 0) : 0;
  const backoff = Math.min(longestBackoffMs, interval(parts, polling) * 2 ** Math.min(failures - 1, 20));
  return comeBack(Math.max(asked, backoff), 'failed');
}

/** Milliseconds until the next look, a little more or less. */
function interval({ random }: PollParts, { intervalMs, jitter = usualJitter }: PollingDeclaration): number {
  return intervalMs * (1 + jitter * (2 * random() - 1));
}
