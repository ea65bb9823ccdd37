/** What a bounded turn did. */
export interface TurnResult {
  /** Dispatches executed. */
  readonly executed: number;
  /** Milliseconds until the next turn is worth while: something is due then, or a lease ends; `null`: nothing waits. */
  readonly nextDueMs: number | null;
}
