import { createHash, timingSafeEqual } from 'node:crypto';
import type { CredentialVault } from '../../../connections/credential-vault.ts';
import type { ReceiverRecord } from '../../../contracts/configuration-records.ts';
import { isPatchbayError } from '../../../errors/patchbay-error.ts';
import type { GenerateId } from '../../../id/generate-id.ts';

/** Milliseconds for which the secret before still holds after it was replaced: 24 hours. */
const usualOverlapMs = 86_400_000;

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
  /** Milliseconds for which those still hold. @default 24 hours */
  readonly overlapMs: number | undefined;
  readonly before: Secrets;
}

/** The secrets with this one as the newest, and those before it for the overlap; the same secret changes nothing but where an overlap is given. */
export async function rotatedSecrets(options: SecretsOptions, put: PutSecret): Promise<Secrets> {
  const { vault, generateId } = options;
  const now = options.now();
  const { overlapMs = usualOverlapMs } = put;
  const known = await secretInUse(options, put);
  if (known && put.overlapMs === undefined) return put.before;
  const before = put.before
    .filter((secret) => secret !== known)
    .map((secret) => ({ ...secret, notAfter: Math.min(secret.notAfter ?? Number.POSITIVE_INFINITY, now + overlapMs) }))
    .filter(({ notAfter }) => notAfter > now);
  if (known) return [known, ...before];
  const id = generateId();
  const sealed = await vault.sealSecret({ tenant: put.tenant, registration: put.registration, id }, put.secret);
  return [{ id, sealed, notAfter: null }, ...before].slice(0, mostSecrets);
}

/** The stored one, where it is the secret that holds without end already. */
async function secretInUse(
  { vault }: SecretsOptions,
  { tenant, registration, secret, before }: PutSecret,
): Promise<Secrets[number] | undefined> {
  const current = before.find(({ notAfter }) => notAfter === null);
  if (current === undefined) return undefined;
  try {
    const opened = await vault.openSecret({ tenant, registration, id: current.id }, current.sealed);
    return timingSafeEqual(digestOf(opened.reveal('webhook-verification')), digestOf(secret)) ? current : undefined;
  } catch (error) {
    // One that can never be opened again verifies nothing: putting one is how a host mends it.
    if (isPatchbayError(error) && !error.retryable) return undefined;
    throw error;
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
