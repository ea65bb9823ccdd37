import { parkedCondition } from '../schema/ledger-tables.ts';

/** How a claim looks for work. */
export interface Look {
  /**
   * Common table expressions. `visited` holds the lanes, each with the turn of its tenant and the due time from which to look; `stops` the
   * tenant of each turn.
   */
  visit(schema: string): string;
  /** Common table expressions that follow when the rows are `picked`; none or each with a comma before it. */
  moveOn(schema: string): string;
  /** Where the walks over lanes go on, as JSON. */
  readonly laneMoves: string;
  /** Whether tenants or lanes were left out. */
  readonly unseen: string;
}

/** Common table expressions that every look begins with: the time, whether something parked is due, and limit and cursor of each class. */
export const beginLook = (schema: string): string => `with recursive moment as materialized (select ${schema}.clock() as now),
  late as materialized (
    select coalesce((select true from ${schema}.dispatches d where ${parkedCondition} and d.due_at <= (select now from moment)
      order by d.due_at limit 1), false) as parked),
  quota (work_class, quota, cursor) as (values ('live' collate "C", $5::int, $6::text collate "C"), ('replay', $7, $8))`;
