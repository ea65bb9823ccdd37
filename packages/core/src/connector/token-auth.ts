import type { OAuth2Answer, OAuth2Auth } from './oauth2-auth.ts';

/**
 * Tokens that the app itself is given, without a person (RFC 6749, section 4.4), as data. The client id and secret are those of the connection, or of
 * the app registration. URLs may hold `{setting}` where a connection's setting, one DNS label, goes.
 */
export interface ClientCredentialsAuth
  extends Pick<OAuth2Auth, 'tokenUrl' | 'issuer' | 'scopes' | 'scopeSeparator' | 'tokenRequest' | 'tokenCalls' | 'answer'> {
  readonly type: 'client_credentials';
  /** How the client proves itself, where it has a secret: HTTP Basic, or in the body. One with a private key signs an assertion. @default 'basic' */
  readonly clientAuthentication?: 'basic' | 'post';
  /** Parameters that each token request carries: `{ audience: 'https://api.example.com' }`. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** An assertion (JWT, RFC 7523) that core signs with a service account's key, sent as a bearer token or exchanged for one. */
export interface ServiceAccountAuth {
  readonly type: 'service_account';
  readonly algorithm: 'RS256' | 'ES256' | 'EdDSA';
  /** Whom the assertion is for, as the service documents it. */
  readonly audience: string;
  /** Where it is exchanged for a token, an https address without query. @default it is sent as it is */
  readonly tokenUrl?: string;
  /** Asked for in the assertion. @default none */
  readonly scopes?: readonly string[];
  /** How the answer of `tokenUrl` differs from RFC 6749. @default not at all */
  readonly answer?: OAuth2Answer;
}

/**
 * A token for one installation of an app, such as a GitHub App's: core shows an assertion (JWT) that it signs with the app's key, as data. The app's id
 * and key are those of the connection, or of the app registration.
 */
export interface AppInstallationAuth {
  readonly type: 'app_installation';
  readonly algorithm: 'RS256' | 'ES256' | 'EdDSA';
  /** Where a token is asked for, by POST with the assertion as a bearer token; `{installation}` in its path is the installation's id. */
  readonly tokenUrl: string;
  /** Whom the assertion is for. @default it does not say */
  readonly audience?: string;
  /** Milliseconds by which the assertion is dated back, for clocks that differ. @default 60,000 */
  readonly backdatedMs?: number;
  /** Milliseconds from then to its end. @default 600,000 */
  readonly lifetimeMs?: number;
  /** Headers that the service asks for. @default `accept: application/json` */
  readonly headers?: Readonly<Record<string, string>>;
  /** The fields of the answer, from the top; `expiresAt` names one with a date of ISO 8601. @default `token`, and `expires_at` */
  readonly answer?: { readonly token?: string; readonly expiresAt?: string };
  /** Fields, sent as JSON, by which a connection may ask for less than the whole installation. @default none */
  readonly narrowedBy?: readonly string[];
}
