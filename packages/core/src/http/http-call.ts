/** A request as the hub's HTTP side sees it, whatever brought it. */
export interface HttpCall {
  readonly method: string;
  /**
   * The path without its query, decoded nowhere; first as it came here, then, where a framework has taken the part of a mount off, as it
   * was before.
   */
  readonly paths: readonly string[];
  /** Lower-case names; a header that came twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Reads the raw body once. Throws `body_too_large` beyond the limit, `body_consumed` where somebody has read it before, and
   * `body_invalid` where the sender has gone.
   */
  readBody(limit: number): Promise<Uint8Array>;
}

/** What the hub answers. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
