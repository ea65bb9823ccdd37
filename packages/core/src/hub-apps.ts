import type { HubApp } from './connections/hub-app.ts';
import { checkApp } from './connections/put-app.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { AppRegistration } from './hub-options.ts';
import { createSecret } from './secret/create-secret.ts';

/**
 * The host's own OAuth registrations, by connector id. Throws `unknown_connector`, `unsupported` for a connector without OAuth, and
 * `invalid_argument` or `credential_missing`, which repeat no secret.
 */
export function hubApps(
  apps: Readonly<Record<string, AppRegistration>>,
  registry: Pick<ConnectorRegistry, 'get'>,
): ReadonlyMap<string, HubApp> {
  const found = new Map<string, HubApp>();
  for (const [id, { oauth }] of Object.entries(apps)) {
    if (oauth === undefined) continue;
    const connector = registry.get(id);
    checkApp(connector, oauth);
    const { clientId, clientSecret, privateKey, keyId = null, endpoints = null } = oauth;
    const secret = clientSecret === undefined ? null : createSecret(clientSecret);
    const key = privateKey === undefined ? null : { pem: createSecret(privateKey), keyId };
    found.set(connector.id, { clientId, secret, key, endpoints });
  }
  return found;
}
