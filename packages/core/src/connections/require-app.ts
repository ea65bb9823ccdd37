import type { Credential } from '../connector/auth-method.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { asksAsApp } from './bind-to-app.ts';
import type { OAuthClientOptions } from './find-oauth-client.ts';

/**
 * Looks, before a credential without secrets of its own is stored, whether an app is registered that can ask for its tokens. Opens no secret. Throws
 * `credential_missing` where there is none.
 */
export async function requireApp(
  { store, hubApps }: Pick<OAuthClientOptions, 'store' | 'hubApps'>,
  { tenant, connector }: { readonly tenant: string; readonly connector: Connector },
  credential: Credential,
): Promise<void> {
  if (!asksAsApp(credential)) return;
  const isClient = credential.type === 'client_credentials';
  const own = (await store.find(tenant, 'app', connector.id))?.value;
  const ofHost = hubApps.get(connector.id);
  const hasKey = own ? own.sealedKey !== undefined : ofHost !== undefined && ofHost.key !== null;
  const isThere = own !== undefined || ofHost !== undefined;
  if (hasKey || (isClient && isThere)) return;
  const lack = !isThere ? 'No app is registered' : 'The app has no privateKey';
  throw new PatchbayError({
    code: 'credential_missing',
    message: `${lack} at ${connector.definition.name}. Register it in createHub({ apps: { '${connector.id}': { oauth } } }) or with oauth.putApp, or pass the connection's own secrets.`,
  });
}
