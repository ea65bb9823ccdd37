import { isPatchbayError } from '../errors/patchbay-error.ts';
import { invalid } from './bulk-request.ts';
import { isReference } from './check-text.ts';
import type { TenantServices } from './tenant-services.ts';

/** Which tenants an operator goes through. */
export interface TenantWalk<Progress = unknown> {
  /** Those that have a connection of this connector, and of each what belongs to it. @default all tenants, and all of each */
  readonly connector?: string;
  /** What an earlier call answered: it goes on behind it. @default the first */
  readonly cursor?: string | null;
  /** Most tenants of one call, 1 to 100,000. @default 100,000 */
  readonly limit?: number;
  /** Ends the call between two batches; the answer's cursor goes on there. @default none */
  readonly signal?: AbortSignal;
  /** Told after each batch of tenants how far the call has come. What it throws ends the call. @default nobody */
  readonly onProgress?: (progress: Progress) => void;
}

/** A tenant for whom something could not be done; the others went on. */
export interface TenantFailure {
  readonly tenant: string;
  /** Code of the error. */
  readonly code: string;
  /** True where the same may go well when it is tried again. */
  readonly retryable: boolean;
}

/** How far a call over many tenants has come, or what it came to. */
export interface TenantsProgress<Counts> {
  /** Tenants that were gone through. */
  readonly tenants: number;
  readonly counts: Counts;
  /** Tenants of them for whom it was not done, or not all of it. */
  readonly failed: number;
  /** The first 100 of those. */
  readonly failures: readonly TenantFailure[];
  /** True where all tenants were gone through. */
  readonly done: boolean;
  /** Goes on behind the last batch that was gone through. */
  readonly cursor: string | null;
}

/** Tenants that are worked on at the same time. */
const batchSize = 8;

const mostTenants = 100_000;
const mostFailures = 100;

/** What is done to each tenant; the counts that it answers are added up. */
export interface TenantTask<Counts> {
  readonly nothing: Counts;
  readonly act: (tenant: string) => Promise<Counts>;
  readonly add: (left: Counts, right: Counts) => Counts;
}

/** Adds up counts of the same names; one that is left out is 0. */
export function addCounts<Counts extends { readonly [Name in keyof Counts]?: number }>(left: Counts, right: Counts): Counts {
  const sum = { ...left };
  for (const name in right) Object.assign(sum, { [name]: (sum[name] ?? 0) + (right[name] ?? 0) });
  return sum;
}

/**
 * Goes through tenants in small batches. One tenant's failure is noted and keeps no other back; a store that does not say which tenants there are ends
 * the call. What is done to a tenant may be done again, so a batch that was interrupted is begun anew from the answer's cursor.
 */
export async function walkTenants<Counts>(
  { storage, ready }: Pick<TenantServices, 'storage' | 'ready'>,
  walk: TenantWalk<TenantsProgress<Counts>>,
  task: TenantTask<Counts>,
): Promise<TenantsProgress<Counts>> {
  const { limit, cursor: begin } = checkWalk(walk);
  const { connector, signal, onProgress } = walk;
  signal?.throwIfAborted();
  await ready();
  const failures: TenantFailure[] = [];
  let progress: TenantsProgress<Counts> = { tenants: 0, counts: task.nothing, failed: 0, failures, done: false, cursor: begin };
  while (!progress.done && progress.tenants < limit && !signal?.aborted) {
    const size = Math.min(batchSize, limit - progress.tenants);
    const tenants = await storage.listTenants({ after: progress.cursor, limit: size, ...(connector === undefined ? {} : { connector }) });
    const ended = await Promise.all(tenants.map((tenant) => attempt(tenant, task)));
    const failed = ended.flatMap((end) => ('failure' in end ? [end.failure] : []));
    failures.push(...failed.slice(0, mostFailures - failures.length));
    // Where the batch was broken off somewhere, all of it comes again.
    const isWhole = signal?.aborted !== true;
    progress = {
      tenants: progress.tenants + tenants.length,
      counts: ended.reduce((sum, end) => ('counts' in end ? task.add(sum, end.counts) : sum), progress.counts),
      failed: progress.failed + failed.length,
      failures: [...failures],
      done: isWhole && tenants.length < size,
      cursor: isWhole ? (tenants.at(-1) ?? progress.cursor) : progress.cursor,
    };
    onProgress?.(progress);
  }
  return progress;
}

type Ended<Counts> = { readonly counts: Counts } | { readonly failure: TenantFailure };

async function attempt<Counts>(tenant: string, { act }: TenantTask<Counts>): Promise<Ended<Counts>> {
  try {
    return { counts: await act(tenant) };
  } catch (error) {
    return { failure: tenantFailure(tenant, error) };
  }
}

/** What is said of a failure for one tenant. Throws again what is no error of the hub's own. */
export function tenantFailure(tenant: string, error: unknown): TenantFailure {
  if (!isPatchbayError(error)) throw error;
  const { code, retryable } = error;
  // Its message may name what the tenant has configured.
  return { tenant, code, retryable };
}

/** Throws `invalid_argument` for a walk that cannot be meant. */
export function checkWalk({ connector, cursor = null, limit = mostTenants }: TenantWalk<never>): {
  readonly limit: number;
  readonly cursor: string | null;
} {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostTenants)
    throw invalid(`The limit of one call is a whole number of tenants from 1 to ${mostTenants}. Go on with the cursor that it answers.`);
  if (cursor !== null && !isReference(cursor)) throw invalid('The cursor is what an earlier call answered.');
  if (connector !== undefined && !isReference(connector)) throw invalid('The connector is the id of one, such as github.');
  return { limit, cursor };
}
