import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { isJsonObject } from '../json/is-json-object.ts';

/** Names the call of a subscriber with an event. */
export interface SubscriberCall {
  readonly tenant: string;
  readonly root: string;
  readonly name: string;
  readonly replay: number;
  /** The host's key of the replay that starts it; `null` where there is none. */
  readonly replayKey: string | null;
}

/** The dispatch that calls a subscriber with an event. The event itself is read when it is executed. */
export function subscriberDispatch({ tenant, root, name, replay, replayKey }: SubscriberCall): NewDispatch {
  return {
    key: { tenant, root, target: `subscriber:${name}`, replay, path: 'call' },
    handler: `subscriber:${name}`,
    lane: `subscriber:${name}`,
    workClass: replay > 0 ? 'replay' : 'live',
    operation: name,
    connection: null,
    input: replayKey === null ? null : JSON.stringify({ replayKey }),
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}

/** The host's key of the replay that started this call, as {@link subscriberDispatch} wrote it. */
export function replayKeyOf(input: string | null): string | null {
  const written: unknown = input === null ? null : JSON.parse(input);
  const key = isJsonObject(written) ? written['replayKey'] : null;
  return typeof key === 'string' ? key : null;
}
