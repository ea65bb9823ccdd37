import { parseCredential } from '../connections/credential-schema.ts';
import { asksForTokens } from '../connections/held-credential.ts';
import { parseSettings } from '../connections/parse-settings.ts';
import type { Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { ExternalAccount } from '../connector/iconnector.ts';
import type { ConnectionCheck } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { checkServiceTwice } from '../gateway/check-service.ts';
import { credentialCheck } from '../gateway/credential-check.ts';
import type { Json } from '../json/json.ts';
import { provisionalConnection } from './provisional-connection.ts';
import { storedChoices } from './stored-choices.ts';
import type { TenantScope } from './tenant-services.ts';

/** A credential that is not stored yet, and the connection that is to have it. */
export interface NewCredential {
  readonly connector: Connector;
  readonly credential: Credential;
  readonly settings: Readonly<Record<string, Json>>;
  /** `null`: there is none yet. */
  readonly existing: Row<'connection'> | null;
  /** Id of the account that it must belong to; `null` where none is known. */
  readonly account: string | null;
}

/** What a look with a credential that works has shown. */
export interface CheckedCredential {
  readonly check: ConnectionCheck;
  readonly account: ExternalAccount | null;
}

/**
 * Asks the service with a credential before it is stored. Throws `authentication_failed` where it is refused, `provider_rejected` where the account
 * cannot be used, `provider_unavailable` where nobody could tell, and `conflict` where it belongs to another account than the one that is known,
 * and `unsupported` for a kind with which tokens are asked for.
 */
export async function checkNewCredential(scope: TenantScope, given: NewCredential): Promise<CheckedCredential> {
  const { tenant, gateway, clock } = scope;
  const { connector, existing, account } = given;
  const credential = parseCredential(given.credential);
  const settings = await parseSettings(connector, given.settings);
  credentialCheck(gateway, connector.definition)(credential, settings);
  if (asksForTokens(connector.definition.auth, credential))
    throw refused(
      'unsupported',
      'A token is asked for with this kind of credential when it is used, so there is no look before. Leave check out, or pass false.',
    );
  const connection = connectionOf(scope, { ...given, settings });
  const choices = await storedChoices(scope, connector.definition);
  const report = await checkServiceTwice(gateway, { tenant, connector, connection, credential, choices });
  switch (report.verdict) {
    case 'refused':
      throw refused(
        'authentication_failed',
        'The service refuses the credential, so nothing was changed. Check that it is complete and active.',
      );
    case 'unhealthy':
      throw refused('provider_rejected', `The account cannot be used, so nothing was changed: ${report.message}`);
    case 'unknown':
      throw refused('provider_unavailable', `The service could not be asked, so nothing was changed: ${report.message}`);
    case 'good':
      break;
  }
  if (account !== null && report.account !== null && report.account.id !== account)
    throw refused(
      'conflict',
      `The credential belongs to another account than ${existing?.name ?? 'the one that is named'}, so nothing was changed. Put another connection for it.`,
    );
  return { check: { at: clock.now(), healthy: true, message: report.message }, account: report.account };
}

/** The connection as it would be. */
function connectionOf({ generateId, clock }: TenantScope, { connector, existing, settings }: NewCredential): Row<'connection'> {
  if (existing) return { ...existing, value: { ...existing.value, settings } };
  return provisionalConnection({ id: generateId(), connector, settings, now: clock.now() });
}

function refused(
  code: 'authentication_failed' | 'provider_rejected' | 'provider_unavailable' | 'conflict' | 'unsupported',
  message: string,
): PatchbayError {
  return new PatchbayError({ code, message, retryable: code === 'provider_unavailable' });
}
