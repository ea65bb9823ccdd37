import type { KeyObject } from 'node:crypto';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { AppRegistration } from './hub-options.ts';
import { webhookKey } from './webhooks/inbound/webhook-keys.ts';

/** Verification keys of the host's apps, by connector id. Throws `invalid_argument` for an app of a connector that is not there or an empty secret. */
export function appKeys(
  apps: Readonly<Record<string, AppRegistration>>,
  registry: ConnectorRegistry,
): ReadonlyMap<string, readonly KeyObject[]> {
  const keys = new Map<string, readonly KeyObject[]>();
  for (const [id, app] of Object.entries(apps)) {
    const connector = registry.get(id);
    const secrets = app.webhookSecret === undefined ? [] : [app.webhookSecret].flat();
    if (secrets.some((secret) => secret === '')) {
      throw new PatchbayError({
        code: 'invalid_argument',
        message: `apps.${id}.webhookSecret is empty. Take the signing secret from the app's page at ${connector.definition.name}, or leave it out: its webhooks are then refused.`,
      });
    }
    keys.set(connector.id, secrets.map(webhookKey));
  }
  return keys;
}
