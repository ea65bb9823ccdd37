/**
 * True in SQL where no gate closes a lane now. Needs `moment` before it. A look-up in a scalar sub-select stays one probe of the index
 * per row, where `exists` or a join could be planned as a hash of the whole table; the order keeps the limit from making a scan look
 * cheap.
 */
export const laneIsOpen = (schema: string, tenant: string, lane: string): string =>
  `(select true from ${schema}.gates g
      where g.tenant = ${tenant} and g.lane = ${lane} and (g.until is null or g.until > (select now from moment))
      order by g.reason limit 1) is null`;
