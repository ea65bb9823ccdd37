/** What a token endpoint gave. */
export interface TokenSet {
  readonly accessToken: string;
  /** `null`: none came, so that the one before holds on. */
  readonly refreshToken: string | null;
  /** Milliseconds from the answer, 0 to a year; `null` where the service does not say. */
  readonly expiresInMs: number | null;
  /** `null` where the service does not say: what was asked for; `unknown` where it knows of none. */
  readonly scopes: readonly string[] | 'unknown' | null;
  /** Settings of the connection that the answer tells. */
  readonly settings: Readonly<Record<string, string>>;
}
