import type { Json } from '../json/json.ts';

/** How a service's token endpoint answers, where it is not as RFC 6749 says. */
export interface OAuth2Answer {
  /** `form`: the answer may also be form-encoded, whatever it calls itself. @default 'json' */
  readonly format?: 'json' | 'form';
  /** Where the tokens are, as field names from the top: `['authed_user']`. @default the top */
  readonly tokensAt?: readonly string[];
  /** The same in an answer that brings renewed tokens. @default as `tokensAt` */
  readonly renewedTokensAt?: readonly string[];
  /** A field that is `false` in answers of status 200 that are errors: Slack's `ok`. @default none */
  readonly okField?: string;
  /** What the service calls a bearer token besides that, in lower case; the empty text where it may say nothing. @default none */
  readonly bearerNames?: readonly string[];
  /** The service's own error codes, each with the one of RFC 6749 that it means: `{ bad_refresh_token: 'invalid_grant' }`. @default none */
  readonly errors?: Readonly<
    Record<string, 'invalid_grant' | 'invalid_client' | 'invalid_scope' | 'temporarily_unavailable' | 'server_error'>
  >;
  /** `unknown`: an empty scope means that the app has permissions in place of scopes, so that nothing is compared. @default 'none', nothing is granted */
  readonly emptyScope?: 'none' | 'unknown';
  /** What stands between the scopes that were granted. @default as between those that are asked for */
  readonly scopeSeparator?: string;
  /** Settings of the connection that come from the answer: a field that holds a URL gives the first label of its host. @default none */
  readonly settings?: Readonly<Record<string, string>>;
}

/** How a grant is taken back at `revocationUrl`, where it is not as RFC 7009 says. Each call takes back the whole of what the service can. */
export interface OAuth2Revocation {
  /** @default 'POST' */
  readonly method?: 'POST' | 'DELETE';
  /** Which token is sent; where the connection has none of it, nothing is. @default the refresh token, else the access token */
  readonly token?: 'access_token' | 'refresh_token';
  /** Where the token goes: a field of a form or of JSON, `{token_value}` in the address, or the Authorization header, as a bearer token. */
  readonly tokenIn: 'form' | 'json' | 'address' | 'bearer';
  /** Name of that field. @default 'token' */
  readonly tokenField?: string;
  /** How the app proves itself, `post` beside the token in a form or JSON. @default as at the token endpoint; not at all where the token is the bearer */
  readonly clientAuthentication?: 'basic' | 'post' | 'none';
  /** Headers that the service asks for. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers that mean that there is nothing left to take back: a status, or a text in the answer's `error`. @default none */
  readonly gone?: readonly (number | string)[];
}

/** How access tokens are renewed. */
export interface OAuth2Refresh {
  /**
   * Each refresh token is used once, and the answer brings the next. One whose answer did not come is sent again only when the server can work on it no
   * more, and not at all where the process that sent it was lost. @default false
   */
  readonly singleUse?: boolean;
  /** Milliseconds for which a used refresh token is still good, where the service says so. @default 0 */
  readonly graceMs?: number;
}

/** OAuth 2.0 (RFC 6749) at this service, as data. URLs may hold `{setting}` where a connection's setting, one DNS label, goes. */
export interface OAuth2Auth {
  readonly type: 'oauth2';
  /** Where a person is sent. @default this and `tokenUrl` are found in the metadata of the `issuer` (RFC 8414, or OpenID Connect Discovery) */
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  /** Where tokens are revoked; `{client_id}` stands for the app's. @default nowhere: the person takes the app away at the service */
  readonly revocationUrl?: string;
  /** @default as RFC 7009 says */
  readonly revocation?: OAuth2Revocation;
  /** The authorization server's issuer identifier: an `iss` in its answer must be this one (RFC 9207). @default not known */
  readonly issuer?: string;
  /** The server always says `iss` in its answer, so one without is refused. @default false */
  readonly requiresIssuer?: boolean;
  /** Scopes that are always asked for. @default none */
  readonly scopes?: readonly string[];
  /** What stands between scopes. @default a space */
  readonly scopeSeparator?: string;
  /** Name of the parameter by which scopes are asked for: Slack's `user_scope`. @default 'scope' */
  readonly scopeParameter?: string;
  /** `none` only where the provider cannot do PKCE. @default 'S256' */
  readonly pkce?: 'S256' | 'none';
  /** How the app proves itself at the token endpoint: HTTP Basic, in the body, or not at all (a public client). @default 'basic' */
  readonly clientAuthentication?: 'basic' | 'post' | 'none';
  /** Token calls that one process has under way at one server of this service at a time, 1 to 1,000; more wait their turn. @default 16 */
  readonly tokenCalls?: number;
  /** How the token endpoint is asked. @default 'form' */
  readonly tokenRequest?: 'form' | 'json';
  /** Parameters that each authorization URL carries: `{ access_type: 'offline' }`. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Names of parameters that whoever begins may add, such as `login_hint`. @default none */
  readonly allowedParameters?: readonly string[];
  readonly answer?: OAuth2Answer;
  readonly refresh?: OAuth2Refresh;
}

/** One of several places at a service that one grant reaches, such as a site of Jira. A connection is to one of them. */
export interface ConnectorSite {
  /** As the service names it. */
  readonly id: string;
  readonly name: string;
  /** By which a person knows it. */
  readonly url?: string;
  /** Settings of a connection to it; two sites differ in one of them at least. */
  readonly settings: Readonly<Record<string, Json>>;
}
