/** Text of an insert with one parameter for each column; `more` stands behind it. */
export const insertInto = (table: string, columns: readonly string[], more = ''): string =>
  `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')}) ${more}`;
