import type { OAuth2Auth } from './oauth2-auth.ts';

/** No credential. */
export interface NoAuth {
  readonly type: 'none';
}

/** `Authorization: Bearer {token}`. */
export interface BearerAuth {
  readonly type: 'bearer';
}

/** `Authorization: Basic base64(username:password)`. */
export interface BasicAuth {
  readonly type: 'basic';
}

/** A key in a header or a query parameter of the given name. */
export interface ApiKeyAuth {
  readonly type: 'api_key';
  readonly in: 'header' | 'query';
  readonly name: string;
}

/** A way in that a connector supports, as data: core attaches the credential to the finished request. */
export type AuthMethod = (NoAuth | BearerAuth | BasicAuth | ApiKeyAuth | OAuth2Auth) & {
  /** Shown to whoever connects: what it is and where to get it. */
  readonly description?: string;
};

/** Tokens of an OAuth grant. A host that holds some already may hand them in. */
export interface OAuth2Credential {
  readonly type: 'oauth2';
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** When the access token was given, and when it ends, milliseconds since 1970; absent where the service does not say. */
  readonly obtainedAt?: number;
  readonly expiresAt?: number;
  /** Id of the app registration that the grant was given to. @default the connector's id, the hub's own registration */
  readonly app?: string;
}

/** What a host hands in for a connection. Sealed by the vault before it is stored. */
export type Credential =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'api_key'; readonly key: string }
  | OAuth2Credential;
