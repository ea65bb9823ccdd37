/** What seals and opens: by hand at once, or with a promise. */
export interface VaultContestant {
  readonly seal: (plaintext: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  readonly open: (sealed: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}
