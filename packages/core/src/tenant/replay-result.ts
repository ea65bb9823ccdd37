/** What a replay started. */
export interface ReplayResult {
  readonly runIds: readonly string[];
  /** Dispatches of subscribers. */
  readonly dispatchIds: readonly string[];
}
