import { type ConfigurationKind, type Row as ConfigurationRow, type ConfigurationSnapshot, hubScope } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { number, optionalText, type Row } from '../row.ts';
import { configurationTables } from '../schema/configuration-tables.ts';
import { configurationRow, rowColumns } from './configuration-row.ts';

/** All tables in one statement, so that revision and rows are of one moment; those that are not asked for are not opened. */
const statement: Statement = {
  name: 'snapshot',
  text: (schema) => `
select r.hub, r.tenant, c.* from (
  select coalesce(max(revision) filter (where scope = '${hubScope}'), 0) as hub,
  coalesce(max(revision) filter (where scope = $1), 0) as tenant
  from ${schema}.configuration_revisions where scope in ('${hubScope}', $1)) r
left join (${Object.entries(configurationTables)
    .map(
      ([kind, table]) =>
        `select '${kind}' as kind, ${rowColumns(schema)} from ${schema}.${table} where tenant = $1 and '${kind}' = any ($2::text[])`,
    )
    .join('\n  union all ')}) c on true
order by c.kind, c.id collate "C"`,
};

/** All rows of the kinds in this scope, under one revision. */
export async function snapshot(database: Database, tenant: string, kinds: readonly ConfigurationKind[]): Promise<ConfigurationSnapshot> {
  const found = await database.query(statement, [tenant, [...kinds]]);
  const rows: { [Kind in ConfigurationKind]?: readonly ConfigurationRow<Kind>[] } = {};
  const ofKind = (kind: ConfigurationKind): readonly Row[] => found.filter((row) => optionalText(row, 'kind') === kind);
  const take = <Kind extends ConfigurationKind>(kind: Kind): void => {
    Object.assign(rows, { [kind]: ofKind(kind).map((row) => configurationRow<Kind>(row)) });
  };
  for (const kind of kinds) take(kind);
  const [first] = found;
  const revision = first === undefined ? { hub: 0, tenant: 0 } : { hub: number(first, 'hub'), tenant: number(first, 'tenant') };
  return { revision, rows };
}
