/** A request as the hub's HTTP side sees it, whatever brought it. */
export interface HttpCall {
  readonly method: string;
  /** Decoded nowhere: as it came, without the query. */
  readonly pathname: string;
  /** Lower-case names; a header that came twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Reads the raw body once. Throws `body_too_large` beyond the limit and `body_consumed` where somebody has read it before. */
  readBody(limit: number): Promise<Uint8Array>;
}

/** What the hub answers. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
