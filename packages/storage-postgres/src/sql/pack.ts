import type { Column } from './columns.ts';

/** Where a large value stands in the pack; `null` stands nowhere. */
export interface Slice {
  readonly from: number;
  readonly length: number;
}

/**
 * Large values of one statement, one behind the other in a single binary parameter. An array of large texts costs more than all else in
 * the statement: each must be escaped here and unescaped there.
 */
export interface Pack {
  add(value: string | Uint8Array | null): Slice | null;
  bytes(): Buffer;
}

/** Makes an empty pack. */
export function createPack(): Pack {
  const parts: Uint8Array[] = [];
  let end = 1;
  return {
    add(value) {
      if (value === null) return null;
      const part = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      const slice = { from: end, length: part.byteLength };
      parts.push(part);
      end += part.byteLength;
      return slice;
    },
    bytes: () => Buffer.concat(parts),
  };
}

/** The two columns that say where a value stands. */
export const sliceColumns = <Item>(name: string, of: (item: Item) => Slice | null): readonly [Column<Item>, Column<Item>] => [
  [`${name}_from`, 'int', (item) => of(item)?.from ?? null],
  [`${name}_length`, 'int', (item) => of(item)?.length ?? null],
];

/** The value in SQL as bytes; the pack is the statement's first parameter. */
export const slicedBytes = (alias: string, name: string): string =>
  `substring($1::bytea from ${alias}.${name}_from for ${alias}.${name}_length)`;

/** The value in SQL as text. */
export const slicedText = (alias: string, name: string): string => `convert_from(${slicedBytes(alias, name)}, 'UTF8')`;
