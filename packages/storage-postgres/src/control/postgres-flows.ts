import type { FlowStore } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { everyone, tenants } from '../database/scope.ts';
import { number, text } from '../row.ts';

const put: Statement = {
  name: 'put_flow',
  text: (schema) => `
insert into ${schema}.oauth_flows (hash, tenant, host_user, value, expires_at)
values ($1, $2, $3, $4, ${schema}.clock() + $5::float8 * interval '1 millisecond')
on conflict (hash) do nothing`,
};

// Whoever has taken it may take it again: the answer may have been lost. Racers wait for the row, and find it taken.
const take: Statement = {
  name: 'take_flow',
  text: (schema) => `
update ${schema}.oauth_flows set taker = $3::text
where hash = $1 and tenant = coalesce($2::text, tenant) and expires_at > ${schema}.clock() and coalesce(taker, $3::text) = $3::text
returning tenant, host_user, value`,
};

const count: Statement = {
  name: 'count_flows',
  text: (schema) => `
select count(*) as count from ${schema}.oauth_flows
where tenant = $1 and host_user = $2 and taker is null and expires_at > ${schema}.clock()`,
};

/** Flows in their table. Maintenance takes away what is past its time. */
export function postgresFlows(database: OpenDatabase): FlowStore {
  return {
    async put({ tenant, user, hash, value, forMs }) {
      await database.within(tenants(tenant)).query(put, [hash, tenant, user, value, forMs]);
    },
    async take({ tenant, hash, taker }) {
      const scope = tenant === null ? everyone : tenants(tenant);
      const [row] = await database.within(scope).query(take, [hash, tenant, taker]);
      return row === undefined ? null : { tenant: text(row, 'tenant'), user: text(row, 'host_user'), hash, value: text(row, 'value') };
    },
    async count({ tenant, user }) {
      const [row] = await database.within(tenants(tenant)).query(count, [tenant, user]);
      return row === undefined ? 0 : number(row, 'count');
    },
  };
}
