/** A flow that a person has begun and not ended yet, under a name that only their browser carries. */
export interface FlowRecord {
  readonly tenant: string;
  /** Host user who began it. */
  readonly user: string;
  /** SHA-256 of the name, base64url: the name itself is stored nowhere. */
  readonly hash: string;
  /** JSON text; the store does not look into it. What is secret in it is sealed. */
  readonly value: string;
}

/**
 * Flows that somebody has begun: short-lived, each used once. They are no configuration: the tenant's revision stays as it is. A store
 * takes away by itself what is past its time.
 */
export interface FlowStore {
  /** Keeps a flow for so many milliseconds of the store's clock. A repeat of the same flow changes nothing. */
  put(flow: FlowRecord & { readonly forMs: number }): Promise<void>;
  /**
   * Takes a flow, once: of those who race for it one gets it, and a flow past its time is there for nobody. `taker` is unique to this call,
   * so that its repeat, after its answer was lost, gets the flow again. `tenant`: whose it must be; `null` where only the name is known.
   */
  take(request: { readonly tenant: string | null; readonly hash: string; readonly taker: string }): Promise<FlowRecord | null>;
  /** Flows of a user that nobody has taken and whose time has not passed. */
  count(request: { readonly tenant: string; readonly user: string }): Promise<number>;
}
