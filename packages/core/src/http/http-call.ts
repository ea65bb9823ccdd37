import type { BodyPlace } from './create-body-room.ts';

/** A request as the hub's HTTP side sees it, whatever brought it. */
export interface HttpCall {
  readonly method: string;
  /** The path as it came here, without its query, decoded nowhere. */
  readonly path: string;
  /** What stands behind the question mark; empty without one. */
  readonly query: string;
  /** The same as it was before a framework took a mount's part off or rewrote it. */
  readonly originalPath: string;
  /** Lower-case names; a header that came twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The other end of the socket, as text; `undefined` where whoever serves the hub does not say it. */
  readonly remoteAddress: string | undefined;
  /**
   * Reads the raw body once. Throws `body_too_large` beyond the limit, `body_consumed` where somebody has read it before, `overloaded`
   * where there is no room for it, and `body_invalid` where the sender has gone or is late.
   */
  readBody(place: BodyPlace): Promise<Uint8Array>;
}

/** What the hub answers. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
