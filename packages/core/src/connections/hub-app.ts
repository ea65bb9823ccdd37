import type { AppEndpoints } from '../contracts/configuration-records.ts';
import type { ClientKey } from '../oauth/oauth-client.ts';
import type { Secret } from '../secret/secret.ts';

/** The host's own registration as a client of a service's authorization server, for all its tenants. */
export interface HubApp {
  readonly clientId: string;
  /** `null` for a client without. */
  readonly secret: Secret | null;
  readonly key: ClientKey | null;
  /** Where they differ from the connector's. Only the host can say so: its secret goes nowhere that a tenant names. */
  readonly endpoints: AppEndpoints | null;
}
