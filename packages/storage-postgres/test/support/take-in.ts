import type { IngestItem, IngestVerdict, Storage } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';

/** Takes items in, as a hub does: what is busy again, until it is not. */
export async function takeIn(storage: Storage<ClientBase>, items: readonly IngestItem[]): Promise<readonly IngestVerdict[]> {
  let verdicts = await storage.ingest(items);
  while (verdicts.some(({ status }) => status === 'busy')) verdicts = await storage.ingest(items);
  return verdicts;
}
