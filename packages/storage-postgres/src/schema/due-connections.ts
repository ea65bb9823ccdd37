import type { Migration } from './migration.ts';

/** An index of the connections that the hub looks at by itself, in the order in which they are due. */
export const dueConnections: Migration = {
  version: 12,
  name: 'due_connections',
  compatibleFrom: 2,
  statements: (schema) => [
    `create index connections_due on ${schema}.connections (((value ->> 'dueAt')::bigint), tenant, id) where (value ->> 'dueAt') is not null`,
  ],
};
