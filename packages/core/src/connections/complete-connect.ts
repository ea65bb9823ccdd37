import { connectionRowName } from '../configuration/tenant-configuration.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { missingScopes } from '../connector/missing-scopes.ts';
import type { ConnectorSite } from '../connector/oauth2-auth.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { hashOfName } from '../oauth/flow-name.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { requestTokens } from '../oauth/request-tokens.ts';
import type { TokenSet } from '../oauth/token-set.ts';
import type { AccountLookUp, CredentialUse } from './account-look-up.ts';
import { withdrawConnection } from './announce-connection.ts';
import { chooseSite } from './choose-site.ts';
import { connectFailed } from './connect-failed.ts';
import type { ConnectOptions } from './connect-options.ts';
import { findOAuthClient } from './find-oauth-client.ts';
import { oauthCredential } from './oauth-credential.ts';
import { type PutConnectionOptions, putConnection } from './put-connection.ts';
import { type FlowContent, openFlow } from './seal-flow.ts';
import { warnOfMore } from './warn-of-more.ts';

/** What a host says to complete. */
export interface CompleteConnectInput {
  /** The `flow` that came in the query of `returnTo`. */
  readonly flowId: string;
  /** Who has come back, by the host's own session. */
  readonly hostUser: string;
}

/** What completing needs. */
export interface CompleteOptions extends ConnectOptions, Pick<PutConnectionOptions, 'admit'> {
  readonly lookUp: AccountLookUp;
}

/** A flow that became a connection. */
export interface CompletedConnect {
  readonly row: Row<'connection'>;
  readonly isNew: boolean;
  /** Scopes that were asked for and not given. */
  readonly missingScopes: readonly string[];
  /** Sites of which one is to be chosen before it can be used; empty where there is nothing to choose. */
  readonly sites: readonly ConnectorSite[];
}

/**
 * Completes a flow under the host's own session: only now, and only for the user who began, tokens are asked for. The flow is used up whatever
 * follows. Throws `connect_failed`, whose `details.reason` says why, and retryable errors of the network, after which a person begins again.
 */
export async function completeConnect(
  options: CompleteOptions,
  tenant: string,
  { flowId, hostUser }: CompleteConnectInput,
): Promise<CompletedConnect> {
  const hash = hashOfName(String(flowId));
  const flow = await options.flows.take({ tenant, hash, taker: options.generateId() });
  if (!flow) throw connectFailed('flow_ended');
  const content = await openFlow(options.vault, flow);
  const { detail } = content;
  // However the flow ends: what is listed stays bounded by the flows that a user may have open.
  const withdraw = async (error: unknown): Promise<never> => {
    await withdrawConnection(options, { tenant, connector: detail.connector, name: detail.name });
    throw error;
  };
  if (flow.user !== hostUser) return withdraw(connectFailed('other_user'));
  const connector = options.registry.get(detail.connector, detail.major);
  const client = await clientOf(options, { tenant, connector, detail }).catch(withdraw);
  const tokens = await exchange(options, client, content).catch(withdraw);
  warnOfMore(options, { tenant, connector, before: detail.scopes, granted: tokens.scopes });
  const existing = await options.store.find(tenant, 'connection', connectionRowName(connector.id, detail.name));
  const id = existing?.id ?? options.generateId();
  const credential = oauthCredential({ client, tokens, now: options.now() });
  const use = { id, connector, credential, settings: { ...detail.settings, ...tokens.settings } };
  const { settings, sites } = await settle(options.lookUp, use, existing?.value.settings ?? {}).catch(withdraw);
  const account = sites.length > 0 ? null : await options.lookUp.account({ ...use, settings });
  const granted = tokens.scopes ?? detail.scopes;
  const { row, isNew } = await putConnection(
    // A token goes into its header as it is: there is nothing to look at.
    { ...options, checkCredential: () => undefined },
    { tenant, name: detail.name, connector, grant: { newId: id, awaitsSite: sites.length > 0 } },
    {
      connector: connector.id,
      credential,
      settings,
      owner: hostUser,
      ...(account === null ? {} : { externalAccount: account }),
      ...(granted === 'unknown' ? {} : { grantedScopes: granted }),
      ...(detail.metadata === null ? {} : { metadata: detail.metadata }),
      ...(detail.confinedTo === undefined ? {} : { confinedTo: detail.confinedTo }),
    },
  ).catch(withdraw);
  return { row, isNew, missingScopes: missingOf(connector, detail.scopes, tokens), sites };
}

/** Settings with those of the site that was taken, or the sites of which one is to be chosen. */
async function settle(
  lookUp: AccountLookUp,
  use: CredentialUse,
  before: CredentialUse['settings'],
): Promise<{ readonly settings: CredentialUse['settings']; readonly sites: readonly ConnectorSite[] }> {
  const sites = await lookUp.sites(use);
  const choice = sites && chooseSite(sites, { given: use.settings, before });
  if (choice === 'none') throw connectFailed('site_not_granted');
  if (choice === 'several') return { settings: use.settings, sites: sites ?? [] };
  return { settings: { ...use.settings, ...choice?.site.settings }, sites: [] };
}

/** What was asked for and not given. A refresh token that came is what `offline_access` asks for, whether a service lists it or not. */
function missingOf({ definition }: Connector, asked: readonly string[], { scopes, refreshToken }: TokenSet): readonly string[] {
  if (scopes === 'unknown') return [];
  const missing = missingScopes(definition, asked, scopes ?? asked);
  return missing.filter((scope) => scope !== 'offline_access' || refreshToken === null);
}

interface ClientQuery {
  readonly tenant: string;
  readonly connector: Connector;
  readonly detail: FlowContent['detail'];
}

/** The registration that the flow began with. Throws `connect_failed` where it is another by now. */
async function clientOf(options: ConnectOptions, { tenant, connector, detail }: ClientQuery): Promise<OAuthClient> {
  const find = (isFresh: boolean): Promise<OAuthClient> =>
    findOAuthClient(options, { tenant, connector, settings: detail.settings, app: detail.app, isFresh }).catch((error: unknown) => {
      if (isPatchbayError(error) && !error.retryable) throw connectFailed('app_changed', error);
      throw error;
    });
  const client = await find(false);
  // What this process knows of an issuer may be older than what the one knew where the flow began.
  const current = client.version === detail.version ? client : await find(true);
  if (current.version !== detail.version) throw connectFailed('app_changed');
  return current;
}

async function exchange(options: ConnectOptions, client: OAuthClient, { detail, secret }: FlowContent): Promise<TokenSet> {
  const { code, verifier, nonce } = secret;
  if (code === null) throw connectFailed('flow_ended');
  try {
    return await requestTokens(options, {
      client,
      grant: 'authorization_code',
      parameters: { code, redirect_uri: detail.redirectUri, ...(verifier === null ? {} : { code_verifier: verifier }) },
      nonce,
    });
  } catch (error) {
    if (isPatchbayError(error) && error.details['oauthError'] === 'invalid_grant') throw connectFailed('exchange_refused', error);
    throw error;
  }
}
