import type { ConfigurationStore, Row, RowPage } from '../contracts/configuration-store.ts';

/** All connections of a tenant, in order of their ids. */
export async function listConnections(store: ConfigurationStore, tenant: string): Promise<readonly Row<'connection'>[]> {
  const rows: Row<'connection'>[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: RowPage<'connection'> = await store.list(tenant, 'connection', { cursor, limit: 500 });
    rows.push(...page.rows);
    cursor = page.cursor;
    if (cursor === null) return rows;
  }
}
