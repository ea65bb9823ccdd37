import { type ConfigurationChanges, type ConfigurationKind, type Row as ConfigurationRow, hubScope } from '@patchbay/core/adapter';
import type { Database, Statement } from '../database/database.ts';
import { number, optionalText, type Row, text } from '../row.ts';
import { configurationTables } from '../schema/configuration-tables.ts';
import { configurationRow, rowColumns } from './configuration-row.ts';

/** Log and rows in one statement, so that both are of one moment. A row that is gone is its id alone. */
const statement: Statement = {
  name: 'changes',
  text: (schema) => `
with log as materialized (select revision, kind, id from ${schema}.configuration_changes where scope = $1 and revision > $3::bigint),
r as (
  select coalesce(max(revision) filter (where scope = '${hubScope}'), 0) as hub,
  coalesce(max(revision) filter (where scope = $1), 0) as tenant, (select count(distinct revision) from log) as known
  from ${schema}.configuration_revisions where scope in ('${hubScope}', $1))
select r.hub, r.tenant, r.known, c.* from r left join (${Object.entries(configurationTables)
    .map(
      ([kind, table]) => `select '${kind}' as kind, l.changed, ${rowColumns(schema)}
    from (select distinct id as changed from log where kind = '${kind}' and kind = any ($2::text[])) l
    left join ${schema}.${table} on tenant = $1 and id = l.changed`,
    )
    .join('\n  union all ')}) c on true
order by c.kind, c.changed collate "C"`,
};

/** What is asked for. */
export interface ChangesRequest {
  readonly tenant: string;
  readonly kinds: readonly ConfigurationKind[];
  /** The revision after which the changes are wanted. */
  readonly since: number;
}

/** What has changed since a revision; `null` where one of the revisions between is not remembered. */
export async function changes(database: Database, { tenant, kinds, since }: ChangesRequest): Promise<ConfigurationChanges | null> {
  const found = await database.query(statement, [tenant, [...kinds], since]);
  const [first] = found;
  if (first === undefined || number(first, 'known') !== number(first, 'tenant') - since) return null;
  const rows: { [Kind in ConfigurationKind]?: readonly ConfigurationRow<Kind>[] } = {};
  const gone: { kind: ConfigurationKind; id: string }[] = [];
  const isThere = (row: Row): boolean => optionalText(row, 'id') !== null;
  const take = <Kind extends ConfigurationKind>(kind: Kind): void => {
    const changed = found.filter((row) => optionalText(row, 'kind') === kind);
    Object.assign(rows, { [kind]: changed.filter(isThere).map((row) => configurationRow<Kind>(row)) });
    gone.push(...changed.filter((row) => !isThere(row)).map((row) => ({ kind, id: text(row, 'changed') })));
  };
  for (const kind of kinds) take(kind);
  return { revision: { hub: number(first, 'hub'), tenant: number(first, 'tenant') }, rows, gone };
}
