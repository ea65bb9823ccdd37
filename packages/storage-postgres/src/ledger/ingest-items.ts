import type { IngestItem, IngestState, IngestVerdict } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database } from '../database/database.ts';
import { aroundHeld } from './around-held.ts';
import { dispatchesOf, ingestAlone, ingestBatch } from './ingest.ts';
import { keysOfNew, withKeys } from './ordering-keys.ts';
import { bisect } from './per-item.ts';
import { underState } from './under-state.ts';

/** Stores items whose state is as they expect, each alone in a transaction with it. */
const ingestWithState = (database: Database, item: IngestItem, state: IngestState): Promise<IngestVerdict> =>
  underState({ database, tenant: item.tenant, state }, (store) =>
    bisect([item], (some) =>
      aroundHeld(some, (held, waitMs) =>
        store((client) =>
          withKeys({ database, client }, keysOfNew(dispatchesOf(item)), () =>
            ingestBatch({ database, client, waitMs, arrivalOf: () => 0 }, held),
          ),
        ),
      ),
    ),
  );

/** Stores events with their runs and first dispatches, once. */
export async function ingestItems(
  database: Database,
  items: readonly IngestItem[],
  options: { readonly transaction?: ClientBase } = {},
): Promise<readonly IngestVerdict[]> {
  if (options.transaction !== undefined || items.every((item) => item?.state === undefined)) return ingestAlone(database, items, options);
  const verdicts: IngestVerdict[] = [];
  let plain: IngestItem[] = [];
  for (const item of items) {
    if (item.state === undefined) {
      plain.push(item);
      continue;
    }
    verdicts.push(...(await ingestAlone(database, plain)), await ingestWithState(database, item, item.state));
    plain = [];
  }
  return [...verdicts, ...(await ingestAlone(database, plain))];
}
