import { plainName } from '../schema/migration-log.ts';
import { guardedTables } from './guarded-tables.ts';

const names = Object.keys(guardedTables)
  .map((name) => `'${name}'`)
  .join(', ');

/** Source in SQL of the guarded tables and their partitions, `c`; `p` is the table that `c` is a partition of. */
export const guardedRelations = (schema: string): string => `
pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join pg_catalog.pg_inherits i on i.inhrelid = c.oid left join pg_catalog.pg_class p on p.oid = i.inhparent
where n.nspname = '${plainName(schema)}' and c.relkind in ('r', 'p') and coalesce(p.relname, c.relname) in (${names})`;
