import type { LeaseStore } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { nobody } from '../database/scope.ts';
import { number } from '../row.ts';

// Where the lease is another's and has time left, the update finds nothing and no row comes back.
const acquire: Statement = {
  name: 'acquire_lease',
  text: (schema) => `
insert into ${schema}.leases as l (name, holder, fence, until)
values ($1, $2::text, 1, ${schema}.clock() + $3::float8 * interval '1 millisecond')
on conflict (name) do update set
  fence = l.fence + case when l.holder = excluded.holder and l.until > ${schema}.clock() then 0 else 1 end,
  holder = excluded.holder, until = excluded.until
where l.holder is null or l.holder = excluded.holder or l.until <= ${schema}.clock()
returning fence, ${schema}.millis(until) as until`,
};

const extend: Statement = {
  name: 'extend_lease',
  text: (schema) => `
update ${schema}.leases set until = ${schema}.clock() + $4::float8 * interval '1 millisecond'
where name = $1 and holder = $2 and fence = $3::bigint and until > ${schema}.clock() returning 1 as extended`,
};

const release: Statement = {
  name: 'release_lease',
  text: (schema) => `update ${schema}.leases set holder = null where name = $1 and holder = $2 and fence = $3::bigint`,
};

/** Named leases in their table. */
export function postgresLeases(open: OpenDatabase): LeaseStore {
  const database = open.within(nobody);
  return {
    async acquire({ name, holder, ttlMs }) {
      const [row] = await database.query(acquire, [name, holder, ttlMs]);
      return row === undefined ? null : { name, fence: number(row, 'fence'), until: number(row, 'until') };
    },
    extend: async ({ name, holder, fence, ttlMs }) => (await database.query(extend, [name, holder, fence, ttlMs])).length > 0,
    async release({ name, holder, fence }) {
      await database.query(release, [name, holder, fence]);
    },
  };
}
