/**
 * What a second try could do after an outcome nobody knows. `read`: nothing. `idempotent`: the same end state.
 * `keyed`: the provider drops a repeated key. `reconcilable`: the connector can look. `unsafe`: a second effect.
 */
export type IdempotencyClass = 'read' | 'idempotent' | 'keyed' | 'reconcilable' | 'unsafe';

/** The idempotency key of one dispatch: the same on every attempt and round, another for every replay. */
export interface IdempotencyKey {
  /** 32 characters of `A-Z a-z 0-9 _ -`; fits the providers' limits known so far. */
  readonly value: string;
  /** A key for a further writing request of the same action; the same name gives the same key. */
  child(name: string): IdempotencyKey;
}

/** What a connector says when it looks for the effect of a call whose answer was lost. */
export type Reconciliation<Output> =
  | { readonly answer: 'found'; readonly output: Output }
  | { readonly answer: 'absent' }
  | { readonly answer: 'cannot_tell'; readonly reason?: string };
