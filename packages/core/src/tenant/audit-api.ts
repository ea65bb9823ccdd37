import type { KeyObject } from 'node:crypto';
import { type Checkpoint, isGenuineCheckpoint } from '../audit/checkpoint.ts';
import { pagesOfChain } from '../audit/pages-of-chain.ts';
import { prunedPoint, pruneFilter } from '../audit/pruned-point.ts';
import { type ChainReport, verifyChain } from '../audit/verify-chain.ts';
import type { AuditActor, AuditFilter, AuditOutcome, ChainPoint, ListedRecord, SealedRecord } from '../contracts/audit-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import { isReference } from './check-text.ts';
import { checkWindow, type TimeWindow } from './check-window.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which acts to list; every field narrows. */
export interface AuditQuery extends TimeWindow, ListOptions {
  /** `connection.create`. */
  readonly action?: string;
  readonly actor?: { readonly kind?: AuditActor['kind']; readonly id?: string };
  readonly object?: { readonly type?: string; readonly id?: string };
  /** Id of a connection, also of one that is gone. */
  readonly connection?: string;
}

/** An act that was recorded. */
export interface AuditedAct {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: AuditActor;
  readonly action: string;
  readonly object: { readonly type: string; readonly id: string };
  readonly connection: string | null;
  readonly outcome: AuditOutcome;
  readonly details: JsonObject;
  readonly correlation: string | null;
  /** Its place in the chain; `null` until it is sealed, within about a second where a worker runs. */
  readonly seq: number | null;
  readonly hash: string | null;
}

/** What to compare a chain with. */
export interface VerifyOptions {
  /** Checkpoints of this tenant that were handed to the host's sink. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Checks their signatures: the public half of the key that made them, or the secret one. @default they are believed */
  readonly key?: KeyObject;
}

/** Who did what of a tenant. */
export interface AuditApi {
  /** Newest first. */
  list(query?: AuditQuery): Promise<Page<AuditedAct>>;
  /**
   * Walks through the whole chain and reports the first break, and how many records wait to be sealed. Throws `invalid_argument` for a checkpoint
   * of another tenant or one that the key did not sign.
   */
  verify(options?: VerifyOptions): Promise<ChainReport>;
  /** The sealed records behind a number in the order of the chain, as they are stored: what a copy elsewhere is made of. */
  export(options?: { readonly after?: number }): AsyncIterable<SealedRecord>;
}

/** Times that retention may move the beginning of a chain while it is looked at. */
const verifyTries = 3;

/** The audit part of a tenant's handle. */
export function auditApi(scope: TenantScope): AuditApi {
  const { tenant, storage, chainHash: hash } = scope;
  const { audit } = storage;
  return {
    async list(query = {}) {
      await scope.ready();
      const request = pageRequest(query);
      checkWindow(query);
      const filter = filterOf(query);
      if (filter === null) return { items: [], cursor: null };
      const { items, cursor } = await audit.page(tenant, filter, request);
      return { items: items.map(toAct), cursor };
    },
    async verify({ checkpoints = [], key } = {}) {
      await scope.ready();
      for (const checkpoint of checkpoints) checkCheckpoint(checkpoint, tenant, key);
      for (let tries = 1; ; tries += 1) {
        const state = await audit.state(tenant);
        const records = pagesOfChain(audit, tenant, { after: state.base.seq, through: state.head.seq });
        const pending = state.unsealed > 0 && state.base.seq > 0 ? await pendingPrunes(scope) : [];
        const report = await verifyChain({ tenant, state, records, checkpoints, hash, pending });
        // Retention may have taken away meanwhile what was about to be read.
        if (report.valid || tries === verifyTries || (await audit.state(tenant)).base.seq === state.base.seq) return report;
      }
    },
    async *export({ after = 0 } = {}) {
      await scope.ready();
      const { head } = await audit.state(tenant);
      yield* pagesOfChain(audit, tenant, { after, through: head.seq });
    },
  };
}

/** A record of retention is sealed after it has been done: until then it explains where the chain begins all the same. */
async function pendingPrunes({ tenant, storage }: TenantScope): Promise<readonly ChainPoint[]> {
  const { items } = await storage.audit.page(tenant, pruneFilter, { cursor: null, limit: 100 });
  return items.flatMap((record) => (record.seq === null ? (prunedPoint(record) ?? []) : []));
}

function checkCheckpoint(checkpoint: Checkpoint, tenant: string, key: KeyObject | undefined): void {
  if (checkpoint.tenant !== tenant) throw invalid('A checkpoint is of another tenant. Pass those of this one.');
  if (key === undefined || isGenuineCheckpoint(checkpoint, key)) return;
  throw invalid('A checkpoint was not signed by this key, or was changed since. Look where it was kept.');
}

/** Nothing can be found by what no record holds. */
function filterOf({ action, actor = {}, object = {}, connection, from, to }: AuditQuery): AuditFilter | null {
  const texts = { action, actorKind: actor.kind, actorId: actor.id, objectType: object.type, objectId: object.id, connection };
  const given = Object.entries(texts).filter(([, value]) => value !== undefined);
  if (given.some(([, value]) => !isReference(value))) return null;
  return { ...Object.fromEntries(given), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { before: to }) };
}

function toAct({ tenant: _, details, ...record }: ListedRecord): AuditedAct {
  const said: unknown = JSON.parse(details);
  return { ...record, details: isJsonObject(said) ? said : {} };
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
