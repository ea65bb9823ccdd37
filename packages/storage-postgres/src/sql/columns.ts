/** One column of a batch: its name and type in SQL, and where an item has it. */
export type Column<Item> = readonly [name: string, type: string, of: (item: Item) => unknown];

/**
 * A batch as a table expression, one parameter for each column, `position` or whatever `ordinal` says counting from 1. Arrays keep the
 * statement the same for every size of batch, so that it is prepared once. Taking them from a sub-select hides their lengths from the
 * planner: where it saw them, it would find the plan for this very batch a little cheaper each time, and make one (1 ms) each time.
 */
export function batchTable<Item>(
  columns: readonly Column<Item>[],
  place: { readonly first: number; readonly alias: string; readonly ordinal: string },
): string {
  const arrays = columns.map(([name, type], index) => `$${place.first + index}::${type}[] as ${name}`).join(', ');
  const names = columns.map(([name]) => name);
  const given = names.map((name) => `given.${name}`).join(', ');
  return `(select each.* from (select ${arrays} offset 0) given
      cross join lateral unnest(${given}) with ordinality as each(${names.join(', ')}, ${place.ordinal})) ${place.alias}`;
}

/** The arrays that go with {@link batchTable}. */
export const batchValues = <Item>(columns: readonly Column<Item>[], items: readonly Item[]): unknown[][] =>
  columns.map(([, , of]) => items.map(of));
