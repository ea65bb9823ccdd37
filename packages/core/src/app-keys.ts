import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { SignatureScheme } from './connector/signature-scheme.ts';
import { isPatchbayError, PatchbayError } from './errors/patchbay-error.ts';
import type { AppRegistration, AppSecret } from './hub-options.ts';
import type { TimedKey } from './webhooks/inbound/app-keys.ts';
import { verificationKey } from './webhooks/inbound/signatures/verification-key.ts';

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
): ReadonlyMap<string, readonly TimedKey[]> {
  const keys = new Map<string, readonly TimedKey[]>();
  for (const [id, app] of Object.entries(apps)) {
    const connector = registry.get(id);
    const given = app.webhookSecret === undefined ? [] : [app.webhookSecret].flat();
    const secrets = given.map((each) => (isTimed(each) ? each : { secret: each }));
    const { appScheme, scheme = appScheme } = connector.definition.webhook ?? {};
    const fault = faultOf(secrets, appScheme ?? scheme);
    if (fault !== undefined) {
      const advice = `Take the signing secret from the app's page at ${connector.definition.name}, or leave webhookSecret out: its webhooks are then refused.`;
      throw new PatchbayError({ code: 'invalid_argument', message: `apps.${id}.webhookSecret ${fault}. ${advice}` });
    }
    keys.set(connector.id, timedKeys(secrets, appScheme ?? scheme));
  }
  return keys;
}

/** Without a scheme nothing is verified, and nothing let in. */
function timedKeys(secrets: readonly AppSecret[], scheme: SignatureScheme | undefined): readonly TimedKey[] {
  if (scheme === undefined) return [];
  return secrets.map(({ secret, notBefore, notAfter }) => ({
    key: verificationKey(secret, scheme),
    notBefore: notBefore?.getTime() ?? null,
    notAfter: notAfter?.getTime() ?? null,
  }));
}

const isTimed = (given: unknown): given is AppSecret => typeof given === 'object' && given !== null;

function faultOf(secrets: readonly AppSecret[], scheme: SignatureScheme | undefined): string | undefined {
  if (secrets.length > mostSecrets) return `has ${secrets.length} secrets, and at most ${mostSecrets} hold at once`;
  for (const [index, each] of secrets.entries()) {
    const fault = secretFault(each, scheme);
    if (fault !== undefined) return `${secrets.length === 1 ? 'is' : `has a secret (number ${index + 1}) that is`} ${fault}`;
  }
  return undefined;
}

function secretFault({ secret, notAfter, notBefore }: AppSecret, scheme: SignatureScheme | undefined): string | undefined {
  if (secret === '') return 'empty';
  if (!isSecret(secret)) return `not text of ${secretLength.least} to ${secretLength.most} characters`;
  if (!isTime(notBefore) || !isTime(notAfter) || (notBefore !== undefined && notAfter !== undefined && notBefore >= notAfter))
    return 'good at no time: notBefore and notAfter are dates, in this order';
  try {
    if (scheme !== undefined) verificationKey(secret, scheme);
    return undefined;
  } catch (error) {
    return `no secret of this service. ${isPatchbayError(error) ? error.message : ''}`.trim().replace(/\.$/, '');
  }
}

const isTime = (time: unknown): boolean => time === undefined || (time instanceof Date && !Number.isNaN(time.getTime()));

function isSecret(secret: unknown): boolean {
  return typeof secret === 'string' && secret.length >= secretLength.least && secret.length <= secretLength.most && secret.isWellFormed();
}
