import { PatchbayError } from '../errors/patchbay-error.ts';
import { hashJson } from '../events/hash-json.ts';
import { idAt, timeOfId } from '../id/id-time.ts';
import type { Json } from '../json/json.ts';
import type { TenantScope } from './tenant-services.ts';

/** Work over many things that a host may have to ask for more than once until it is done. */
export interface BulkWork {
  readonly verb: 'replay' | 'retry';
  readonly idempotencyKey: string;
  /** What is asked for. The same key asks for the same. */
  readonly query: Json;
}

/**
 * When the first call with this key began, milliseconds since 1970 on the store's clock: what has come since is none of its business, however
 * often it is called again. Throws `conflict` where the key has asked for something else. Remembered as long as a dedupe key.
 */
export async function beginBulk(scope: TenantScope, { verb, idempotencyKey, query }: BulkWork): Promise<number> {
  const { tenant, storage, publisher, cache, generateId } = scope;
  // The guard's root is all that is stored, so it carries the time.
  const root = idAt(await storage.now(), generateId());
  const dedupe = { key: `${verb}-many:${hashJson(idempotencyKey)}`, hash: hashJson(query) };
  const verdict = await publisher.ingest({ tenant, root, dedupe, event: null }, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [] };
  });
  if (verdict.status === 'created') return timeOfId(root);
  if (verdict.status === 'duplicate') return timeOfId(verdict.root);
  throw new PatchbayError({
    code: 'conflict',
    message: `The idempotency key was used before for a ${verb} of something else. Ask for the same again, or use a new key.`,
  });
}
