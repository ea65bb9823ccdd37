import { PatchbayError } from '../../../errors/patchbay-error.ts';
import type { Json } from '../../../json/json.ts';
import type { SignedRequest } from '../signatures/signed-request.ts';

/** A verified request. */
export type SeenRequest = Pick<SignedRequest, 'headers' | 'body'>;

/** One message of a delivery, as its format reads it. */
export interface ReceivedMessage {
  /** What expressions read as `body`, and the data of the event where nothing else is said. */
  readonly value: Json;
  /** Bytes that say the value. */
  readonly body: Uint8Array;
  /** They do, to the last member. */
  readonly exact: boolean;
  /** What the format says of it; `undefined`: nothing. */
  readonly type?: string | undefined;
  readonly deliveryId?: string | undefined;
  readonly subject?: string | undefined;
  /** Milliseconds since 1970. */
  readonly time?: number | undefined;
}

/** A message that cannot become an event. */
export function unreadable(fault: string): PatchbayError {
  return new PatchbayError({ code: 'body_invalid', message: `${fault}.` });
}

/** Milliseconds since 1970 of an RFC 3339 time; `undefined` for another text. */
export function timeOf(text: string): number | undefined {
  const isTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text);
  const time = isTime ? Date.parse(text) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}
