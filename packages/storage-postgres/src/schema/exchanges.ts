import type { Migration } from './migration.ts';

/** The dispatches that deliver to an endpoint: few, among all that have been. */
export const deliveryCondition = "d.handler = 'delivery'";

/** What went over the wire at an attempt, and an index of the deliveries of an endpoint, which its list shows. */
export const exchanges: Migration = {
  version: 14,
  name: 'exchanges',
  compatibleFrom: 2,
  statements: (schema) => [
    `alter table ${schema}.attempts add column exchange text`,
    `alter table ${schema}.dispatch_history add column attempt_exchange text`,
    `create index dispatch_history_deliveries on ${schema}.dispatch_history (tenant, target, root, replay, path) where handler = 'delivery'`,
  ],
};
