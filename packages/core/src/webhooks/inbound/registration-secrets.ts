import type { CredentialVault } from '../../connections/credential-vault.ts';
import type { RegistrationSecretRecord } from '../../contracts/webhook-records.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import { sameSecret } from '../../secret/same-secret.ts';
import { isOffered } from './offered-secret.ts';

/** Milliseconds for which the secret before still holds after it was replaced, unless it is said otherwise: 24 hours. */
const defaultOverlapMs = 86_400_000;

/** Longest overlap, milliseconds: 30 days. */
const mostOverlapMs = 2_592_000_000;

/** Most secrets of a registration; a delivery is tried with up to five, one that a service has offered among them. */
const mostSecrets = 4;

/** When secrets hold, milliseconds. */
export interface SecretWindow {
  /** From when the new one holds. @default now */
  readonly notBefore?: number | undefined;
  /** For how long the others hold after that. @default 24 hours */
  readonly overlapMs?: number | undefined;
}

/** The secrets that there are, and what is to become of them. */
export interface SecretChange extends SecretWindow {
  readonly before: readonly RegistrationSecretRecord[];
  readonly now: number;
  /** Secrets that there may be. @default 4 */
  readonly most?: number;
}

/** Throws `invalid_argument` for times that are none. */
export function checkWindow({ notBefore, overlapMs }: SecretWindow): void {
  const isTime = notBefore === undefined || (Number.isInteger(notBefore) && notBefore >= 0);
  const isSpan = overlapMs === undefined || (Number.isInteger(overlapMs) && overlapMs >= 0 && overlapMs <= mostOverlapMs);
  if (isTime && isSpan) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `notBefore is a time in milliseconds since 1970, and overlapMs is 0 to ${mostOverlapMs} (30 days). Correct them.`,
  });
}

/** The new secret, and those before it until its overlap is over. An overlap of 0 revokes them when the new one begins. */
export function replaceSecret(
  change: SecretChange,
  made: Pick<RegistrationSecretRecord, 'id' | 'sealed'>,
): readonly RegistrationSecretRecord[] {
  const { before, now, notBefore, overlapMs = defaultOverlapMs, most = mostSecrets } = change;
  const from = notBefore === undefined || notBefore <= now ? undefined : notBefore;
  const until = (from ?? now) + overlapMs;
  const kept = before.filter((secret) => holds(secret, now) && !isOffered(secret)).map((secret) => endBy(secret, until));
  const fresh = { ...made, ...(from === undefined ? {} : { notBefore: from }), notAfter: null };
  return [fresh, ...kept.filter((secret) => holds(secret, now))].slice(0, most);
}

/** The same secrets where nothing is to change; with an overlap that is given, those beside the known one end by it. */
export function endOthers({ before, now, overlapMs }: SecretChange, known: RegistrationSecretRecord): readonly RegistrationSecretRecord[] {
  if (overlapMs === undefined) return before;
  const others = before.filter((secret) => secret !== known && holds(secret, now) && !isOffered(secret));
  const ended = others.map((secret) => endBy(secret, now + overlapMs)).filter((secret) => holds(secret, now));
  const isUnchanged = ended.length === before.length - 1 && ended.every((secret, index) => secret.notAfter === others[index]?.notAfter);
  return isUnchanged ? before : [known, ...ended];
}

/** Whose secrets they are: a registration's or a receiver's. */
export interface SecretsOf {
  readonly tenant: string;
  readonly registration: string;
  readonly secrets: readonly RegistrationSecretRecord[];
}

/** The secret that has no end, where it is the one given. One that can never be opened again is none: registering is how a host mends it. */
export async function secretInUse(
  vault: Pick<CredentialVault, 'openSecret'>,
  { tenant, registration, secrets }: SecretsOf,
  secret: string,
): Promise<RegistrationSecretRecord | null> {
  const current = secrets.find((each) => each.notAfter === null && !isOffered(each));
  if (!current) return null;
  try {
    const opened = await vault.openSecret({ tenant, registration, id: current.id }, current.sealed);
    return sameSecret(opened.reveal('webhook-verification'), secret) ? current : null;
  } catch (error) {
    if (isPatchbayError(error) && !error.retryable) return null;
    throw error;
  }
}

/** A new secret, and what is to become of those before it. */
export interface AddedSecret {
  readonly tenant: string;
  readonly registration: string;
  readonly secret: string;
  readonly change: SecretChange;
}

/** What sealing secrets needs. */
export interface SealingOptions {
  readonly vault: Pick<CredentialVault, 'sealSecret'>;
  readonly generateId: GenerateId;
}

/** The secrets with a new one, sealed, in front. */
export async function withSecret(
  { vault, generateId }: SealingOptions,
  { tenant, registration, secret, change }: AddedSecret,
): Promise<readonly RegistrationSecretRecord[]> {
  const id = generateId();
  return replaceSecret(change, { id, sealed: await vault.sealSecret({ tenant, registration, id }, secret) });
}

const holds = ({ notAfter }: RegistrationSecretRecord, now: number): boolean => notAfter === null || notAfter > now;

const endBy = (secret: RegistrationSecretRecord, until: number): RegistrationSecretRecord => ({
  ...secret,
  notAfter: Math.min(secret.notAfter ?? Number.POSITIVE_INFINITY, until),
});
