import type { Row } from '../contracts/configuration-store.ts';
import type { TenantScope } from './tenant-services.ts';

/** Has what came through an ended connection taken out of the search index, through the ledger. It comes back once the connection is put again. */
export async function endContentOf({ tenant, content }: TenantScope, { id, value }: Row<'connection'>): Promise<void> {
  const { connector } = value;
  for (const source of Object.keys(value.content ?? {})) await content.end({ tenant, connectionId: id, connector, source }, null);
}
