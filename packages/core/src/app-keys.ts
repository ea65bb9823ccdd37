import type { KeyObject } from 'node:crypto';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { AppRegistration } from './hub-options.ts';
import { webhookKey } from './webhooks/inbound/webhook-keys.ts';

/** Lengths of a secret, characters; those of a registration's. */
const secretLength = { least: 8, most: 1_024 };

/** Most secrets of one app. A delivery is tried with so many; one more would never be. */
const mostSecrets = 5;

/**
 * Verification keys of the host's apps, by connector id. Throws `unknown_connector` for an app of a connector that is not there, and
 * `invalid_argument`, which repeats no secret, for secrets that anybody could guess or that would never be tried.
 */
export function appKeys(
  apps: Readonly<Record<string, AppRegistration>>,
  registry: ConnectorRegistry,
): ReadonlyMap<string, readonly KeyObject[]> {
  const keys = new Map<string, readonly KeyObject[]>();
  for (const [id, app] of Object.entries(apps)) {
    const connector = registry.get(id);
    const secrets = app.webhookSecret === undefined ? [] : [app.webhookSecret].flat();
    const fault = faultOf(secrets);
    if (fault !== undefined) {
      const advice = `Take the signing secret from the app's page at ${connector.definition.name}, or leave webhookSecret out: its webhooks are then refused.`;
      throw new PatchbayError({ code: 'invalid_argument', message: `apps.${id}.webhookSecret ${fault}. ${advice}` });
    }
    keys.set(connector.id, secrets.map(webhookKey));
  }
  return keys;
}

function faultOf(secrets: readonly unknown[]): string | undefined {
  if (secrets.length > mostSecrets) return `has ${secrets.length} secrets, and at most ${mostSecrets} hold at once`;
  const index = secrets.findIndex((secret) => !isSecret(secret));
  if (index === -1) return undefined;
  const which = secrets.length === 1 ? 'is' : `has a secret (number ${index + 1}) that is`;
  const what = secrets[index] === '' ? 'empty' : `not text of ${secretLength.least} to ${secretLength.most} characters`;
  return `${which} ${what}`;
}

function isSecret(secret: unknown): boolean {
  return typeof secret === 'string' && secret.length >= secretLength.least && secret.length <= secretLength.most && secret.isWellFormed();
}
