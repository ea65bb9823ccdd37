/** One column of a batch: its name and type in SQL, and where an item has it. */
export type Column<Item> = readonly [name: string, type: string, of: (item: Item) => unknown];

/**
 * A batch as a table: `unnest($3::text[], $4::uuid[]) with ordinality as item(tenant, root, position)`. Arrays keep the statement the same
 * for every size of batch, so that it is prepared once. `position` counts from 1.
 */
export function batchTable<Item>(
  columns: readonly Column<Item>[],
  place: { readonly first: number; readonly alias: string; readonly ordinal: string },
): string {
  const arrays = columns.map(([, type], index) => `$${place.first + index}::${type}[]`).join(', ');
  const names = columns.map(([name]) => name).join(', ');
  return `unnest(${arrays}) with ordinality as ${place.alias}(${names}, ${place.ordinal})`;
}

/** The arrays that go with {@link batchTable}. */
export const batchValues = <Item>(columns: readonly Column<Item>[], items: readonly Item[]): unknown[][] =>
  columns.map(([, , of]) => items.map(of));
