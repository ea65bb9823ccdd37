/** A data key to wrap. */
export interface WrapInput {
  /** 32 bytes. Not kept, not changed: the vault wipes it. */
  readonly dataKey: Uint8Array;
  /** Names the tenant and the data key. It must be bound to the result, and unwrapping with other bytes must fail. */
  readonly associatedData: Uint8Array;
}

/** A data key as a provider wrapped it. */
export interface WrappedDataKey {
  /** The key-encryption key that wrapped it: printable ASCII, at most 255 characters. */
  readonly kekId: string;
  readonly wrapped: Uint8Array;
}

/**
 * Holds key-encryption keys, or speaks to a service that does. They never leave it: it wraps and unwraps the data keys of tenants, one
 * call per tenant and cache period.
 */
export interface KeyProvider {
  /** The key that wraps from now on. Others may still unwrap. */
  readonly activeKekId: string;
  wrap(input: WrapInput): Promise<WrappedDataKey>;
  /**
   * Answers the 32 bytes, which the vault wipes. Rejects with `vault_key_missing` for a key it does not have and with `vault_sealed` for
   * one that does not fit.
   */
  unwrap(input: WrappedDataKey & { readonly associatedData: Uint8Array }): Promise<Uint8Array>;
}
