import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import type { TenantScope } from './tenant-services.ts';
import { checkSecret, putSecrets, type VaultSecretInput } from './vault-secrets.ts';

/** How far an import has come. */
export interface ImportProgress {
  /** Secrets that were stored. */
  readonly imported: number;
  /** Secrets that were there already, with the same value. */
  readonly unchanged: number;
  readonly refused: number;
  /** Entries that are done, from the first one on: pass it back to go on behind them. */
  readonly position: number;
}

/** What became of an import. */
export interface ImportResult extends ImportProgress {
  /** The first 100 entries that were refused, by their place in the list from 0; the value is never repeated. */
  readonly refusals: readonly { readonly position: number; readonly code: string; readonly message: string }[];
}

/** Secrets that a host already holds, in an order that a repeated call has again. */
export interface ImportRequest {
  readonly secrets: Iterable<VaultSecretInput> | AsyncIterable<VaultSecretInput>;
  /** Entries to pass over, as an earlier call told. @default 0 */
  readonly position?: number;
  /** Ends the call between two batches. @default none */
  readonly signal?: AbortSignal;
  /** Told after each batch. What it throws ends the call. @default nobody */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** Entries that are stored at once: those of one connection in one write. */
const batchSize = 100;

/** Most refusals that are named. */
const mostNamed = 100;

/**
 * Stores secrets batch by batch. What is there already changes nothing, so a call that was interrupted is repeated from its position or from the
 * beginning. An entry that cannot be stored is refused and the others go on; what may pass ends the call.
 */
export async function importSecrets(scope: TenantScope, request: ImportRequest): Promise<ImportResult> {
  await scope.ready();
  const { position: start = 0 } = request;
  if (!Number.isInteger(start) || start < 0)
    throw new PatchbayError({ code: 'invalid_argument', message: 'The position of an import is what an earlier call told, from 0 up.' });
  const tally: Tally = { imported: 0, unchanged: 0, refused: 0, position: start, refusals: [] };
  let batch: Entry[] = [];
  let position = 0;
  const store = async (): Promise<void> => {
    await storeBatch(scope, batch, tally);
    tally.position = position;
    batch = [];
    const { refusals, ...progress } = tally;
    request.onProgress?.(progress);
  };
  for await (const secret of request.secrets) {
    if (position >= start) batch.push({ ...secret, position });
    position += 1;
    if (batch.length < batchSize) continue;
    await store();
    if (request.signal?.aborted) return tally;
  }
  if (batch.length > 0) await store();
  return tally;
}

interface Tally {
  imported: number;
  unchanged: number;
  refused: number;
  position: number;
  readonly refusals: { readonly position: number; readonly code: string; readonly message: string }[];
}

interface Entry extends VaultSecretInput {
  readonly position: number;
}

async function storeBatch(scope: TenantScope, batch: readonly Entry[], tally: Tally): Promise<void> {
  const refuse = ({ position }: Entry, error: unknown): void => {
    if (!isPatchbayError(error) || error.retryable || error.code === 'vault_key_destroyed') throw error;
    tally.refused += 1;
    if (tally.refusals.length < mostNamed) tally.refusals.push({ position, code: error.code, message: error.message });
  };
  const sound: Entry[] = [];
  for (const entry of batch) {
    try {
      checkSecret(entry);
      sound.push(entry);
    } catch (error) {
      refuse(entry, error);
    }
  }
  for (const [connection, entries] of Map.groupBy(sound, (entry) => entry.connection)) {
    try {
      const stored = await putSecrets(scope, connection, new Map(entries.map(({ key, value }) => [key, value])));
      const changed = stored.filter((secret) => secret.changed).length;
      tally.imported += changed;
      tally.unchanged += entries.length - changed;
    } catch (error) {
      for (const entry of entries) refuse(entry, error);
    }
  }
}
