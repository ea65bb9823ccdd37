import type { Migration } from './migration.ts';

/** The dispatches that the list of the dead shows: few, among all that have ended. */
export const deadCondition = "d.status = 'dead'";

/** An index of the dead alone, in the order of their list: it costs what succeeds next to nothing. */
export const deadList: Migration = {
  version: 5,
  name: 'dead_list',
  compatibleFrom: 2,
  statements: (schema) => [
    `create index dispatch_history_dead on ${schema}.dispatch_history (tenant, root, target, replay, path) where status = 'dead'`,
  ],
};
