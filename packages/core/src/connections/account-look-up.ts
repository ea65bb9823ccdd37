import type { OAuth2Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { ExternalAccount } from '../connector/iconnector.ts';
import type { ConnectorSite } from '../connector/oauth2-auth.ts';
import type { Json } from '../json/json.ts';

/** A credential that is not stored yet, and the connection that it will be of. */
export interface CredentialUse {
  /** Id of the connection. */
  readonly id: string;
  readonly connector: Connector;
  readonly credential: OAuth2Credential;
  readonly settings: Readonly<Record<string, Json>>;
}

/** What asks a service whose account was connected, and what it reaches. */
export interface AccountLookUp {
  /** `null`: the connector knows of no sites. Throws what its requests throw. */
  sites(use: CredentialUse): Promise<readonly ConnectorSite[] | null>;
  /** `null` where the service does not say, or not now. Never throws. */
  account(use: CredentialUse): Promise<ExternalAccount | null>;
}
