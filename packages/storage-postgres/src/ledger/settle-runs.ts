import { slicedText } from '../sql/pack.ts';
import { runFields } from './run-moves.ts';

const going = (schema: string): string => `
  going as (
    update ${schema}.runs r set revision = r.revision + 1, status = k.run_status, state = ${slicedText('k', 'run_state')},
      error = k.run_error::json, finished_at = null
    from run_found k
    where r.ctid = k.place and r.ctid = any (array(select place from run_found where run_status = 'running'))
    returning k.position, r.automation_name, r.version, r.revision, r.started_at),`;

const goingOnes =
  'select g.position, g.automation_name, g.version, g.revision, g.started_at, null::timestamptz as finished_at from going g';

/**
 * Common table expressions that change runs by compare-and-set. `run_found` locks those whose revision is the one that the change was
 * worked out from, in the order of their keys, so that two batches with the same runs do not wait for each other in a circle. What goes on
 * is changed where it is, what ends moves to the history; `changed` has both. Needs `item`, `held` and `moment` before them; `goes` says
 * whether some of the runs go on.
 */
export const changeRuns = (schema: string, goes: boolean): string => `
  run_found as materialized (
    select k.*, x.place from (
      select i.position, i.run_tenant, i.run_root, i.run_automation, i.run_replay, i.run_revision, i.run_status, i.run_error,
        i.run_state_from, i.run_state_length
      from held h join item i using (position) where i.run_revision is not null and i.run_tenant = h.tenant and i.run_root = h.root
      order by i.run_tenant, i.run_root, i.run_automation, i.run_replay) k
    cross join lateral (
      select r.ctid as place from ${schema}.runs r
      where r.tenant = k.run_tenant and r.root = k.run_root and r.automation = k.run_automation and r.replay = k.run_replay
        and r.revision = k.run_revision
      limit 1 for update) x),${goes ? going(schema) : ''}
  finished as (
    delete from ${schema}.runs r using run_found k
    where r.ctid = k.place and r.ctid = any (array(select place from run_found where run_status <> 'running'))
    returning k.*, r.automation_name, r.version, r.revision + 1 as revision, r.started_at),
  filed as (
    insert into ${schema}.run_history (${runFields})
    select f.run_tenant, f.run_root, f.run_automation, f.run_replay, f.automation_name, f.version, f.run_status,
      ${slicedText('f', 'run_state')}, f.run_error::json, f.revision, f.started_at, m.now
    from finished f cross join moment m),
  changed as (
    ${goes ? `${goingOnes} union all` : ''}
    select f.position, f.automation_name, f.version, f.revision, f.started_at, m.now as finished_at from finished f cross join moment m),`;
