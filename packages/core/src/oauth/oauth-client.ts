import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { Secret } from '../secret/secret.ts';

/** The private key of a client, with which it signs assertions. */
export interface ClientKey {
  /** PEM. */
  readonly pem: Secret;
  /** By which the server knows it; `null`: it is not said. */
  readonly keyId: string | null;
}

/** An app registration, ready to be used: who the hub is at an authorization server, and where that server is. */
export interface OAuthClient {
  /** For whom it asks: turns at a server that many tenants use go around among them. */
  readonly tenant: string;
  /** Id of the registration; the last segment of its redirect URI. */
  readonly app: string;
  /** Changes with the client id and the endpoints: a flow that was begun under another version ends. */
  readonly version: string;
  /** The same without what an issuer's metadata tell. */
  readonly registration: string;
  readonly clientId: string;
  /** `null` for a client without one; with neither secret nor key it is a public one. */
  readonly secret: Secret | null;
  /** With it a client without a secret proves itself (RFC 7523, section 2.2). */
  readonly key: ClientKey | null;
  readonly redirectUri: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl: string | null;
  readonly issuer: string | null;
  /** An answer that does not say which issuer it is from is refused (RFC 9207). */
  readonly requiresIssuer: boolean;
  /** PKCE methods that the server's metadata lists; `null` where it does not say. */
  readonly challengeMethods: readonly string[] | null;
  /** Where the keys of its ID tokens are; `null` where that is not known. */
  readonly jwksUrl: string | null;
  /** Algorithms of its ID tokens by its metadata; `null` where it does not say: RS256. */
  readonly idTokenAlgorithms: readonly string[] | null;
  /** What the connector says of the service. */
  readonly method: OAuth2Auth;
}
