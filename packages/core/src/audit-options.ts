import { type KeyObject, KeyObject as NodeKey } from 'node:crypto';
import type { ChainKeys } from './audit/chain-hash.ts';
import type { CheckpointOptions } from './audit/checkpoint-writer.ts';
import { PatchbayError } from './errors/patchbay-error.ts';

/** How the hub keeps who did what. */
export interface AuditOptions {
  /**
   * Secret keys of the chains, at least 32 bytes each, by names of their own: `{ active: 'a1', keys: { a1: createSecretKey(bytes) } }`. With them whoever
   * writes to the database cannot make a chain anew. Keep a key for as long as records are kept. @default SHA-256 without a key
   */
  readonly chainKeys?: ChainKeys;
  /** Hands points of the chains out of the database, which show when something is cut off a chain's end. @default none */
  readonly checkpoints?: CheckpointOptions;
  /** Days that a record is kept, 1 to 36,500, where a tenant's plan does not say it by its limit `auditDays`. @default for ever */
  readonly retentionDays?: number;
}

/** The same with what is left out filled in. */
export interface ResolvedAuditOptions {
  readonly chainKeys: ChainKeys | null;
  readonly checkpoints: CheckpointOptions | null;
  readonly retentionDays: number | null;
}

const longestDays = 36_500;
const shortestKey = 32;

const isKey = (value: unknown): value is KeyObject => value instanceof NodeKey;

/** Fills in the defaults. Throws `invalid_argument`; no key is repeated. */
export function resolveAudit({ chainKeys, checkpoints, retentionDays }: AuditOptions = {}): ResolvedAuditOptions {
  if (retentionDays !== undefined && !isWithin(retentionDays, longestDays))
    throw invalid(`The option audit.retentionDays is whole days from 1 to ${longestDays}. Correct it, or leave it out to keep everything.`);
  if (chainKeys !== undefined) checkChainKeys(chainKeys);
  if (checkpoints !== undefined) checkCheckpoints(checkpoints);
  return { chainKeys: chainKeys ?? null, checkpoints: checkpoints ?? null, retentionDays: retentionDays ?? null };
}

const isWithin = (figure: unknown, most: number): boolean =>
  typeof figure === 'number' && Number.isInteger(figure) && figure >= 1 && figure <= most;

function checkChainKeys({ active, keys }: ChainKeys): void {
  const named = typeof keys === 'object' && keys !== null ? Object.entries(keys) : [];
  const areGood = named.every(([, key]) => isKey(key) && key.type === 'secret' && (key.symmetricKeySize ?? 0) >= shortestKey);
  if (named.length === 0 || !areGood)
    throw invalid(`The option audit.chainKeys holds secret keys of at least ${shortestKey} bytes, made by createSecretKey of node:crypto.`);
  if (named.some(([name]) => !/^[a-z0-9_-]{1,32}$/.test(name) || name === 'sha256'))
    throw invalid('A name in audit.chainKeys is 1 to 32 of a-z, 0-9, _ and -, and not sha256.');
  if (typeof active !== 'string' || !Object.hasOwn(keys, active))
    throw invalid('The option audit.chainKeys names as active a key that it does not hold. Add the key or name another.');
}

/** A public key signs nothing, and of the private ones Ed25519 alone is asked for. */
const canSign = (key: unknown): boolean =>
  isKey(key) && (key.type === 'secret' || (key.type === 'private' && key.asymmetricKeyType === 'ed25519'));

function checkCheckpoints({ sink, key, everyRecords = 1, everyMs = 1 }: CheckpointOptions): void {
  if (typeof sink !== 'function') throw invalid('The option audit.checkpoints has no function sink. Pass one that keeps what it is given.');
  if (key !== undefined && !canSign(key))
    throw invalid('The option audit.checkpoints.key is a private Ed25519 key or a secret key of node:crypto. Pass one, or leave it out.');
  if (!isWithin(everyRecords, 1_000_000) || !isWithin(everyMs, 86_400_000))
    throw invalid(
      'The options everyRecords (1 to 1000000) and everyMs (1 to 86400000) of audit.checkpoints are whole numbers. Correct them.',
    );
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
