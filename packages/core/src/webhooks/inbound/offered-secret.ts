import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { ConfigurationStore } from '../../contracts/configuration-store.ts';
import type { RegistrationSecretRecord } from '../../contracts/webhook-records.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { WebhookDoor } from './open-door.ts';
import { parseBody } from './parse-body.ts';
import { verificationKey } from './signatures/verification-key.ts';
import { isSignedBy } from './verify-signature.ts';

/** From when an offered secret verifies, milliseconds since 1970: the last moment that a date can name. */
const never = 8_640_000_000_000_000;

/** Largest body that is looked into for a secret, bytes: it is read before anybody is known to have signed it. */
const largestOffer = 4_096;

const secretShape = /^[\x21-\x7e]{16,512}$/;

/** True for a secret that a service has offered and the tenant has not registered: it verifies nothing. */
export function isOffered({ notBefore }: RegistrationSecretRecord): boolean {
  return notBefore === never;
}

/** The secret that a request offers, where its connector's service does so, and where the request is signed by that very secret. */
export async function offeredSecretIn({ declaration, scheme, presented, request }: WebhookDoor): Promise<string | undefined> {
  const { offeredSecret } = declaration;
  if (!offeredSecret || !scheme || request.body.byteLength > largestOffer) return undefined;
  try {
    const { value } = parseBody(request.body);
    const secret = isJsonObject(value) && Object.hasOwn(value, offeredSecret.bodyField) ? value[offeredSecret.bodyField] : undefined;
    if (typeof secret !== 'string' || !secretShape.test(secret)) return undefined;
    return (await isSignedBy(presented, request.body, [verificationKey(secret, scheme)])) ? secret : undefined;
  } catch {
    // What is no JSON, or no key of the scheme, offers nothing.
    return undefined;
  }
}

/** What keeping an offered secret needs. */
export interface OfferOptions {
  readonly configuration: Pick<ConfigurationStore, 'get' | 'write'>;
  readonly vault: Pick<CredentialVault, 'sealSecret' | 'openSecret'>;
  readonly generateId: GenerateId;
}

/**
 * Keeps an offered secret, sealed, until the tenant registers it. Resolves with whether it is kept: a registration keeps one, the first, since whoever knows
 * its URL can offer another.
 */
export async function keepOfferedSecret(
  { configuration, vault, generateId }: OfferOptions,
  { tenant, registration }: { readonly tenant: string; readonly registration: string },
  secret: string,
): Promise<boolean> {
  const row = await configuration.get(tenant, 'registration', registration);
  if (!row) return false;
  const before = row.value.secrets.find(isOffered);
  if (before)
    return (await vault.openSecret({ tenant, registration, id: before.id }, before.sealed)).reveal('webhook-verification') === secret;
  const id = generateId();
  const sealed = await vault.sealSecret({ tenant, registration, id }, secret);
  const secrets = [...row.value.secrets, { id, sealed, notBefore: never, notAfter: null }];
  const value = { ...row.value, secrets };
  const verdict = await configuration.write(tenant, [{ put: 'registration', id: row.id, name: row.name, expect: row.version, value }]);
  return verdict.status === 'written';
}
