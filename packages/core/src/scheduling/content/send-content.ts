import type { NewDispatch } from '../../contracts/dispatch-records.ts';
import type { IngestItem } from '../../contracts/hot-store.ts';
import type { ContentParts } from './content-parts.ts';

/** Hands one dispatch that no event asked for over to the ledger; one of the same dedupe key is there once. */
export async function sendContent(
  { publisher, cache }: Pick<ContentParts, 'publisher' | 'cache'>,
  dispatch: NewDispatch,
  dedupe: IngestItem['dedupe'],
): Promise<void> {
  const { tenant, root } = dispatch.key;
  await publisher.ingest({ tenant, root, dedupe, event: null }, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
}
