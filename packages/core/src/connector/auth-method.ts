import type { JsonObject } from '../json/json.ts';
import type { OAuth2Auth } from './oauth2-auth.ts';
import type { AppInstallationAuth, ClientCredentialsAuth, ServiceAccountAuth } from './token-auth.ts';

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

/** A key in a header, a query parameter or a cookie of the given name. */
export interface ApiKeyAuth {
  readonly type: 'api_key';
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
}

/** Several headers of the service's own, such as an app's id and its key. */
export interface HeadersAuth {
  readonly type: 'headers';
  /** Each of them is asked for, and none besides. */
  readonly names: readonly [string, ...string[]];
}

/** A client certificate, shown in the TLS handshake (RFC 8446, section 4.4.2). The origin must be https. */
export interface MutualTlsAuth {
  readonly type: 'mutual_tls';
}

/** A signature over the finished request, made in core by a signer that the hub knows: `aws-sigv4`, or one of `createHub({ signers })`. */
export interface SignatureAuth {
  readonly type: 'signature';
  readonly signer: string;
  /** What the signer asks for, such as a region; `{name}` stands for a setting of the connection that is one DNS label. @default none */
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * A URL that is the secret itself, such as that of an incoming webhook: whoever knows it may post there. It leads to the connector's origin. The
 * connector names it by `secretUrl()` and never sees it; nothing else can be asked for with such a credential.
 */
export interface SecretUrlAuth {
  readonly type: 'secret_url';
  /** Regular expression of the whole path and query of such a URL: `/services/[A-Za-z0-9]+/…`. */
  readonly pattern: string;
}

/** A way in that a connector supports, as data: core attaches the credential to the finished request. */
export type AuthMethod = (
  | NoAuth
  | BearerAuth
  | BasicAuth
  | ApiKeyAuth
  | OAuth2Auth
  | ClientCredentialsAuth
  | AppInstallationAuth
  | HeadersAuth
  | ServiceAccountAuth
  | MutualTlsAuth
  | SignatureAuth
  | SecretUrlAuth
) & {
  /** Shown to whoever connects: what it is and where to get it. */
  readonly description?: string;
  /** Where requests with such a credential go, in place of the connector's `origin` and of the same form. @default the connector's */
  readonly origin?: string;
  /** Prefix of their paths; a segment `{setting}` is a setting of the connection, one DNS label. @default the connector's, none where `origin` is given */
  readonly basePath?: string;
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

/**
 * A client that is given tokens for itself. With a `clientId` it has a `clientSecret`, or a `privateKey` (PEM) for assertions. @default the app registration's, the
 * tenant's own or the host's
 */
export interface ClientCredential {
  readonly type: 'client_credentials';
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly privateKey?: string;
  readonly keyId?: string;
  /** Scopes to ask for. @default the connector's */
  readonly scopes?: readonly string[];
}

/**
 * An installation of an app, by its id at the service. Take the id from the service itself, never from what a person typed: the app's key opens every
 * installation. `issuer` (the app's client id) and `privateKey` (PEM) go together. @default the app registration's
 */
export interface InstallationCredential {
  readonly type: 'app_installation';
  readonly installation: string;
  readonly issuer?: string;
  readonly privateKey?: string;
  /** What the token may do less than the installation, in the fields that the connector names. @default the whole */
  readonly narrow?: JsonObject;
}

/** What a host hands in for a connection. Sealed by the vault before it is stored. */
export type Credential =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'api_key'; readonly key: string }
  | { readonly type: 'headers'; readonly values: Readonly<Record<string, string>> }
  /** `privateKey` is PEM. `subject` is whom the account acts for. @default the issuer */
  | {
      readonly type: 'service_account';
      readonly issuer: string;
      readonly privateKey: string;
      readonly keyId?: string | undefined;
      readonly subject?: string | undefined;
    }
  /** Both are PEM; the certificate may be followed by those that vouch for it. */
  | { readonly type: 'mutual_tls'; readonly certificate: string; readonly privateKey: string }
  | { readonly type: 'secret_url'; readonly url: string }
  /** The members that the connector's signer names. */
  | { readonly type: 'signature'; readonly fields: Readonly<Record<string, string>> }
  | ClientCredential
  | InstallationCredential
  | OAuth2Credential;
