import type { Change } from '../contracts/configuration-store.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { versionOf } from './count-sealed.ts';
import { type SealedKind, type SealedRow, type SealedRowsOptions, sealedKinds } from './sealed-rows.ts';

/** How far a rewrap has come. */
export interface RewrapProgress {
  /** Sealed rows that were sealed anew under the newest data key. */
  readonly rewrapped: number;
  /** Rows that were under the newest data key already, or went away meanwhile. */
  readonly current: number;
  /** Rows that do not open. They stay as they are. */
  readonly unreadable: number;
  /** The first 100 of them, as `credential:{id}`, `registration:{id}`, `receiver:{id}`, `app:{id}` and `endpoint:{id}`. */
  readonly unreadableIds: readonly string[];
  /** Goes on behind the last row; `null` at the end. */
  readonly cursor: string | null;
}

/** What one call goes through. */
export interface RewrapRequest {
  readonly tenant: string;
  /** Version of the newest data key: what is under it or a later one stays. */
  readonly version: number;
  /** What an earlier call answered. */
  readonly cursor: string | null;
  /** Rows that one call looks at, at most. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RewrapProgress) => void) | undefined;
}

/** Rows that are written at once: each write raises the tenant's configuration revision by one, however many rows it has. */
const pageSize = 50;

/** Races over one row that are tried again before they are given up. */
const writeTries = 20;

/** Most unreadable rows that are named. */
const mostNamed = 100;

/**
 * Seals a tenant's sealed values anew under its newest data key, page by page, each row only if it is as it was read. Throws `invalid_argument`
 * for a cursor that is none, and what the store, the key provider and the vault reject with, when all may be well later.
 */
export async function rewrapSealed(options: SealedRowsOptions, request: RewrapRequest): Promise<RewrapProgress> {
  const kinds = sealedKinds(options, request.tenant);
  let place = placeOf(kinds, request.cursor);
  const tally = { rewrapped: 0, current: 0, unreadable: 0, unreadableIds: [] as string[] };
  const progress = (): RewrapProgress => ({
    ...tally,
    unreadableIds: [...tally.unreadableIds],
    cursor: place && `${place.kind.kind}:${place.after ?? ''}`,
  });
  for (let looked = 0; place !== null && looked < request.limit && !request.signal?.aborted; ) {
    const { kind, after }: Place = place;
    const page = await kind.page({ cursor: after, limit: Math.min(pageSize, request.limit - looked) });
    const outcomes = await rewrapPage(options, request, { kind, rows: page.rows });
    for (const [id, outcome] of outcomes) {
      tally[outcome] += 1;
      if (outcome === 'unreadable' && tally.unreadableIds.length < mostNamed) tally.unreadableIds.push(`${kind.kind}:${id}`);
    }
    looked += page.rows.length;
    place = page.cursor === null ? nextKind(kinds, kind) : { kind, after: page.cursor };
    request.onProgress?.(progress());
  }
  return progress();
}

type Outcome = 'rewrapped' | 'current' | 'unreadable';

interface Place {
  readonly kind: SealedKind;
  readonly after: string | null;
}

function placeOf(kinds: readonly SealedKind[], cursor: string | null): Place | null {
  const [name, after] = cursor?.split(/:(.*)/s) ?? [kinds[0]?.kind, ''];
  const kind = kinds.find((candidate) => candidate.kind === name);
  if (kind !== undefined && after !== undefined) return { kind, after: after === '' ? null : after };
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'The cursor of a rewrap is what an earlier rewrap of the tenant answered.',
  });
}

function nextKind(kinds: readonly SealedKind[], kind: SealedKind): Place | null {
  const next = kinds[kinds.indexOf(kind) + 1];
  return next === undefined ? null : { kind: next, after: null };
}

/** All rows of a page in one write; where another has written one of them meanwhile, each by itself. */
async function rewrapPage(
  options: SealedRowsOptions,
  { tenant, version }: RewrapRequest,
  { kind, rows }: { readonly kind: SealedKind; readonly rows: readonly SealedRow[] },
): Promise<ReadonlyMap<string, Outcome>> {
  const resealed = await Promise.all(
    rows.map(async (row): Promise<readonly [string, Outcome | Change]> => [row.id, await reseal(options, row, version)]),
  );
  const changes = resealed.flatMap(([, outcome]) => (typeof outcome === 'string' ? [] : [outcome]));
  const isWritten = changes.length === 0 || (await options.store.write(tenant, changes)).status === 'written';
  const outcomes = new Map<string, Outcome>();
  for (const [id, outcome] of resealed) {
    if (typeof outcome === 'string') outcomes.set(id, outcome);
    else outcomes.set(id, isWritten ? 'rewrapped' : await rewrapRow(options, { tenant, version, kind, id }));
  }
  return outcomes;
}

async function rewrapRow(
  options: SealedRowsOptions,
  { tenant, version, kind, id }: { readonly tenant: string; readonly version: number; readonly kind: SealedKind; readonly id: string },
): Promise<Outcome> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await kind.get(id);
    const outcome = row === null ? 'current' : await reseal(options, row, version);
    if (typeof outcome === 'string') return outcome;
    if ((await options.store.write(tenant, [outcome])).status === 'written') return 'rewrapped';
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'A sealed row is being changed by others at the same time. Call rewrap again.',
    retryable: true,
  });
}

/** The write that a row needs; or what to say of it where it needs none, or does not open. */
async function reseal(options: SealedRowsOptions, row: SealedRow, version: number): Promise<Outcome | Change> {
  if (row.sealed.every((sealed) => versionOf(options, sealed) >= version)) return 'current';
  try {
    return await row.reseal();
  } catch (error) {
    const isBroken = isPatchbayError(error) && (error.code === 'vault_sealed' || error.code === 'vault_key_missing');
    if (isBroken) return 'unreadable';
    throw error;
  }
}
