import { PatchbayError } from '../errors/patchbay-error.ts';
import { isEventPattern } from '../event/matches-pattern.ts';
import type { Json } from '../json/json.ts';
import { type BulkBounds, type BulkRequest, checkBulk, invalid } from './bulk-request.ts';
import { bulkTarget, type TargetReference } from './bulk-target.ts';
import { splitTarget, type TargetChoice } from './choose-targets.ts';
import { connectionRow } from './connection-row.ts';
import type { ReplayProgress } from './replay-tally.ts';
import type { TenantScope } from './tenant-services.ts';

/** What is replayed: events by id, or those that a query finds, oldest first; and which of their targets. */
interface ReplayQuery extends BulkRequest<ReplayProgress>, TargetReference {
  /** A type, or a pattern as `subscribe` takes it. @default every type */
  readonly type?: string;
  /** A connection's id or name. @default events of every connection, and of none */
  readonly connection?: string;
  /** These events instead of a query, at most 10,000. Ids that are nobody's are refused one by one. */
  readonly ids?: readonly string[];
  /** Also targets that have succeeded or are under way. @default false */
  readonly all?: boolean;
  /**
   * `plan`: the named automation, subscriber or endpoint is also started on events that have started nothing there, where it would start on them
   * if they came now: one that is newer than they are. @default 'skip'
   */
  readonly unmatched?: 'skip' | 'plan';
}

/** A replay of many events. The key makes a repeated call the same replay; a dry run needs none. */
export type ReplayManyRequest = ReplayQuery &
  ({ readonly idempotencyKey: string } | { readonly idempotencyKey?: string; readonly dryRun: true });

/** A request that has been checked, with what it names looked up. */
export interface ReplayPlan extends BulkBounds {
  readonly pattern: string | undefined;
  readonly connection: string | undefined;
  /** In their order, each once. */
  readonly ids: readonly string[] | undefined;
  readonly choice: TargetChoice;
  /** What a key stands for. */
  readonly query: Json;
}

const mostIds = 10_000;

/** Checks a request. Throws `invalid_argument`, `not_found` for what it names, and `conflict` for a disabled automation. */
export async function readReplayRequest(scope: TenantScope, request: ReplayManyRequest): Promise<ReplayPlan> {
  const bounds = checkBulk(request);
  const { type, ids, from, to, all = false, unmatched = 'skip' } = request;
  if (!bounds.dryRun && bounds.idempotencyKey === undefined)
    throw invalid('A replay of many needs an idempotency key, so that it can be called again when it is interrupted. Pass one.');
  if (type !== undefined && !(typeof type === 'string' && isEventPattern(type)))
    throw invalid('The type is an event type or a pattern of dotted names in which * stands for a segment, such as github.issue.*.');
  checkIds(request);
  if (unmatched !== 'skip' && unmatched !== 'plan') throw invalid("unmatched is 'skip' or 'plan'.");
  const only = await bulkTarget(scope, request);
  if (unmatched === 'plan' && only === undefined)
    throw invalid("unmatched: 'plan' is for one automation, subscriber or endpoint. Name it, or leave unmatched out.");
  if (only !== undefined) await checkEnabled(scope, only);
  const connection = request.connection === undefined ? undefined : (await connectionRow(scope, request.connection)).id;
  const sorted = ids && [...new Set(ids.map(String))].sort();
  return {
    ...bounds,
    pattern: type,
    connection,
    ids: sorted,
    choice: { all, unmatched, ...(only === undefined ? {} : { only }) },
    query: [type ?? null, connection ?? null, sorted ?? null, from ?? null, to ?? null, all, only ?? null, unmatched],
  };
}

function checkIds({ ids, type, connection, from, to }: ReplayQuery): void {
  if (ids === undefined) return;
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > mostIds)
    throw invalid(`ids is a list of 1 to ${mostIds} ids of events. Without it, a query says which.`);
  if ([type, connection, from, to].some((part) => part !== undefined))
    throw invalid('Events are named by ids or by a query, not both. Leave ids out, or type, connection, from and to.');
}

async function checkEnabled({ cache, compiled, tenant }: TenantScope, target: string): Promise<void> {
  const [kind, id] = splitTarget(target);
  if (kind === 'subscriber') return;
  const known = compiled.of(await cache.read(tenant, { fresh: true }));
  if (kind === 'endpoint') {
    if (known.endpoint(id)) return;
    throw new PatchbayError({
      code: 'conflict',
      message: 'The endpoint receives nothing now, so nothing was started. Verify it, or enable it, first.',
    });
  }
  if (known.isEnabled(id)) return;
  throw new PatchbayError({ code: 'conflict', message: 'The automation is disabled, so nothing was started. Enable it first.' });
}
