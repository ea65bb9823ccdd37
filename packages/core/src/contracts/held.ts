/** Names a leased dispatch: only the holder of this very lease may write. */
export interface Held {
  readonly tenant: string;
  readonly handle: string;
  readonly fence: number;
}

/** Gives a lease back without an attempt. */
export interface DeferItem extends Held {
  readonly delayMs: number;
  readonly reason: string;
  /** True where it was marked in flight by the claim but certainly nothing was sent: clears the mark. */
  readonly nothingSent: boolean;
}

/** Whether the write still counted. */
export type FenceVerdict = { readonly status: 'done' } | { readonly status: 'fenced' };
