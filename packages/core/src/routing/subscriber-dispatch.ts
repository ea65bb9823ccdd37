import type { ReplayMark } from '../automation/run-state.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { isJsonObject } from '../json/is-json-object.ts';

/** Names the call of a subscriber with an event. */
export interface SubscriberCall {
  readonly tenant: string;
  readonly root: string;
  readonly name: string;
  readonly replay: number;
  /** The replay that starts it. */
  readonly mark?: ReplayMark;
}

/** The dispatch that calls a subscriber with an event. The event itself is read when it is executed. */
export function subscriberDispatch({ tenant, root, name, replay, mark }: SubscriberCall): NewDispatch {
  return {
    key: { tenant, root, target: `subscriber:${name}`, replay, path: 'call' },
    handler: `subscriber:${name}`,
    lane: `subscriber:${name}`,
    workClass: replay > 0 ? 'replay' : 'live',
    operation: name,
    connection: null,
    // Where a call has an input, it is the mark of its replay and nothing else: the executor reads the event.
    input: (mark?.replayKey ?? null) === null ? null : JSON.stringify(mark),
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}

/** The mark of the replay that started this call, as {@link subscriberDispatch} wrote it. */
export function replayMarkOf(input: string | null): ReplayMark {
  const written: unknown = input === null ? null : JSON.parse(input);
  if (!isJsonObject(written)) return { replayKey: null };
  const { replayKey, replayTargets } = written;
  return {
    replayKey: typeof replayKey === 'string' ? replayKey : null,
    ...(typeof replayTargets === 'number' ? { replayTargets } : {}),
  };
}
