import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { ChangeStatusOptions } from '../connections/change-status.ts';
import type { CredentialVault } from '../connections/credential-vault.ts';
import { endsByRenewal } from '../connections/held-credential.ts';
import { recordCheck } from '../connections/record-check.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { majorOf } from '../connector/major-of.ts';
import { checkService } from '../gateway/check-service.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';

/** What a second look needs. */
export interface RefusedCredentialsOptions {
  readonly cache: ConfigurationCache;
  readonly vault: CredentialVault;
  readonly gateway: GatewayOptions;
  readonly status: ChangeStatusOptions;
}

/** A credential that an action was refused with. */
export interface RefusedCredential {
  readonly tenant: string;
  readonly connection: string;
  readonly connector: Connector;
  /** Version of the credential that was used. */
  readonly used: number;
}

/** Looks again at credentials that were refused. */
export interface RefusedCredentials {
  /**
   * Looks with the connector's health check, so that one odd answer ends nothing: refused again, the connection is `token_invalid` and what depends
   * on it waits. Once a minute for each credential, however many actions were refused. A grant of OAuth is left to its renewal.
   */
  lookAgain(refused: RefusedCredential): Promise<void>;
}

/** Milliseconds for which a credential that was looked at is not looked at again. */
const lookedFor = 60_000;

/** Looks that are remembered; the oldest goes first. */
const mostLooks = 1_000;

/** Makes what looks again. */
export function createRefusedCredentials(options: RefusedCredentialsOptions): RefusedCredentials {
  const { clock } = options.gateway;
  const looks = new Map<string, { readonly at: number; readonly look: Promise<void> }>();
  return {
    lookAgain(refused) {
      const place = `${refused.tenant}\u0000${refused.connection}\u0000${refused.used}`;
      const now = clock.monotonic();
      const known = looks.get(place);
      if (known !== undefined && now - known.at < lookedFor) return known.look;
      const begun = look(options, refused);
      looks.delete(place);
      looks.set(place, { at: now, look: begun });
      for (const oldest of looks.keys()) {
        if (looks.size <= mostLooks) break;
        looks.delete(oldest);
      }
      return begun;
    },
  };
}

async function look({ cache, vault, gateway, status }: RefusedCredentialsOptions, refused: RefusedCredential): Promise<void> {
  const { tenant, connector, used } = refused;
  const configuration = await cache.recent(tenant, 0);
  const connection = configuration.connection(refused.connection);
  const held = configuration.credential(refused.connection);
  if (connection?.value.status !== 'active' || connection.value.secretVersion !== used || held?.value.secretVersion !== used) return;
  // Moved to another major meanwhile, it is looked at by that one.
  const major = majorOf(connector.definition.version);
  if ((connection.value.major ?? major) !== major) return;
  const credential = await vault.open(tenant, held);
  if (endsByRenewal(connector.definition.auth, credential)) return;
  const report = await checkService(gateway, { tenant, connector, connection, credential, choices: configuration.choices(connector.id) });
  if (report.verdict !== 'refused') return;
  await recordCheck(status, { tenant, connection, isGrant: false, ...report });
  cache.forget(tenant);
}
