/** A limit that a provider documents: so many requests in any stretch of time of that length. */
export interface LimitDeclaration {
  /** Lower-case letters, digits, `-`, `_` and `.`; at most 64 characters. */
  readonly name: string;
  /**
   * What the provider counts by: each connection for itself; all of a tenant's connections of this connector together; or each kind of request of
   * a connection (method and path, with its values left out) for itself. @default 'connection'
   */
  readonly per?: 'connection' | 'connector' | 'method';
  /** Requests in a window; a whole number above zero. */
  readonly requests: number;
  /** Length of the window, milliseconds; 100 to 2,678,400,000 (31 days). */
  readonly windowMs: number;
  /** Paths that it counts, below the connector's base path, with `{}` for each value: `/chat.postMessage`, `/repos/{}/{}/issues`. @default all */
  readonly paths?: readonly string[];
}
