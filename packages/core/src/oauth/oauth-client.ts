import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { Secret } from '../secret/secret.ts';

/** An app registration, ready to be used: who the hub is at an authorization server, and where that server is. */
export interface OAuthClient {
  /** Id of the registration; the last segment of its redirect URI. */
  readonly app: string;
  /** Changes with the client id and the endpoints: a flow that was begun under another version ends. */
  readonly version: string;
  readonly clientId: string;
  /** `null` for a public client. */
  readonly secret: Secret | null;
  readonly redirectUri: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl: string | null;
  readonly issuer: string | null;
  /** What the connector says of the service. */
  readonly method: OAuth2Auth;
}
