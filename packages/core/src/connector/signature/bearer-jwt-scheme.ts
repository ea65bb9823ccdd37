/**
 * A JWT signed with HS256 in a header (dynamic webhooks of Jira, where the secret is the app's client secret). It does not cover the body: a
 * request is as good as the secrecy of its token, for as long as that is good.
 */
export interface BearerJwtScheme {
  readonly kind: 'bearer-jwt';
  /** Lower-case header name. */
  readonly header: string;
  /** Whether a token without `exp`, which is good for ever, is refused. */
  readonly expiry: 'required' | 'optional';
  /** Seconds that `exp` may have passed and `nbf` may be ahead; 0 to 3,600. */
  readonly skewSeconds: number;
  /** What `iss` must be. @default not looked at */
  readonly issuer?: string;
  /** What `aud` must name. @default not looked at */
  readonly audience?: string;
}

/** A bearer JWT. @default `Authorization`, an expiry is required, 60 s of skew */
export function bearerJwt(options: Partial<Omit<BearerJwtScheme, 'kind'>> = {}): BearerJwtScheme {
  return {
    kind: 'bearer-jwt',
    expiry: 'required',
    skewSeconds: 60,
    ...options,
    header: (options.header ?? 'authorization').toLowerCase(),
  };
}
