import { createHash, timingSafeEqual } from 'node:crypto';
import type { CredentialVault } from '../../../connections/credential-vault.ts';
import type { ReceiverRecord } from '../../../contracts/configuration-records.ts';
import { isPatchbayError } from '../../../errors/patchbay-error.ts';
import type { GenerateId } from '../../../id/generate-id.ts';

/** Milliseconds for which the secret before still holds after it was replaced: 24 hours. */
export const overlapMs = 86_400_000;

/** Most secrets of one receiver; so many are tried. */
const mostSecrets = 5;

type Secrets = ReceiverRecord['secrets'];

/** What sealing secrets needs. */
export interface SecretsOptions {
  readonly vault: Pick<CredentialVault, 'sealSecret' | 'openSecret'>;
  readonly generateId: GenerateId;
  readonly now: () => number;
}

/** Whose secret is put, and those that are there. */
export interface PutSecret {
  readonly tenant: string;
  /** Id of what is called. */
  readonly registration: string;
  readonly secret: string;
  readonly before: Secrets;
}

/** The secrets with this one as the newest, and those before it for 24 hours more; the same secret changes nothing. */
export async function rotatedSecrets(options: SecretsOptions, put: PutSecret): Promise<Secrets> {
  const { vault, generateId } = options;
  const now = options.now();
  if (await holds(options, put, now)) return put.before;
  const id = generateId();
  const sealed = await vault.sealSecret({ tenant: put.tenant, registration: put.registration, id }, put.secret);
  const before = put.before
    .filter(({ notAfter }) => notAfter === null || notAfter > now)
    .map((secret) => ({ ...secret, notAfter: Math.min(secret.notAfter ?? Number.POSITIVE_INFINITY, now + overlapMs) }));
  return [{ id, sealed, notAfter: null }, ...before].slice(0, mostSecrets);
}

/** True where it is the secret that holds without end already. */
async function holds({ vault }: SecretsOptions, { tenant, registration, secret, before }: PutSecret, now: number): Promise<boolean> {
  const current = before.find(({ notAfter }) => notAfter === null || notAfter > now + overlapMs);
  if (current === undefined) return false;
  try {
    const opened = await vault.openSecret({ tenant, registration, id: current.id }, current.sealed);
    return timingSafeEqual(digestOf(opened.reveal('webhook-verification')), digestOf(secret));
  } catch (error) {
    // One that can never be opened again verifies nothing: putting one is how a host mends it.
    if (isPatchbayError(error) && !error.retryable) return false;
    throw error;
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
