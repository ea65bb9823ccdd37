import type { Migration } from './migration.ts';

const stepFields = `
    tenant, root as event, substr(target, length('automation:') + 1) as automation, replay, path as step, operation, connection, status,
    attempts, crashes, created_at, due_at, error ->> 'code' as code, error ->> 'message' as message`;

const ofRuns = "target like 'automation:%'";

/**
 * Views for people. A receipt is stored on the event that it became, and a step of a run is its dispatch: neither has rows of its own, which
 * every webhook would pay for. They look with the rights of whoever asks.
 */
export const readableViews: Migration = {
  version: 6,
  name: 'readable_views',
  compatibleFrom: 2,
  statements: (schema) => [
    `create view ${schema}.receipts with (security_invoker = true) as
       select tenant, registration, delivery_id, id as event, type, connection, stored_at as received_at
       from ${schema}.events where registration is not null`,
    `comment on view ${schema}.receipts is 'Inbound webhooks that were taken in, each with the event that it became.'`,
    `create view ${schema}.steps with (security_invoker = true) as
       select ${stepFields}, null::timestamptz as finished_at from ${schema}.dispatches where ${ofRuns}
       union all
       select ${stepFields}, finished_at from ${schema}.dispatch_history where ${ofRuns}`,
    `comment on view ${schema}.steps is 'Step instances of runs, open and ended, with what became of the last attempt.'`,
  ],
};
