import type { MappingTransform } from './mapping-definition.ts';

/** What takes a transform back, or why nothing does. */
export type InverseTransform = { readonly inverse: MappingTransform } | { readonly reason: string };

const namedInverses: Readonly<Record<Extract<MappingTransform, string>, InverseTransform>> = {
  trim: { reason: 'trim forgets the spaces' },
  lower: { reason: 'lower forgets which letters were large' },
  upper: { reason: 'upper forgets which letters were small' },
  first: { reason: 'first forgets the other items' },
  from_unix_seconds: { inverse: 'to_unix_seconds' },
  to_unix_seconds: { inverse: 'from_unix_seconds' },
  from_unix_milliseconds: { inverse: 'to_unix_milliseconds' },
  to_unix_milliseconds: { inverse: 'from_unix_milliseconds' },
};

/** The transform that takes another one back. */
export function inverseTransform(transform: MappingTransform): InverseTransform {
  if (typeof transform === 'string') return namedInverses[transform];
  if ('split' in transform) return { inverse: { join: transform.split } };
  if ('join' in transform) return { reason: 'join forgets where an item that holds the separator ended' };
  if ('scale' in transform) return { inverse: { scale: 1 / transform.scale } };
  if ('round' in transform) return { reason: 'round forgets the other digits' };
  if (transform.otherwise !== undefined) return { reason: '`otherwise` stands for more values than one' };
  const pairs = Object.entries(transform.values).map(([from, to]): [string, string] => [String(to), from]);
  if (new Set(pairs.map(([to]) => to)).size < pairs.length) return { reason: 'two entries of its table have the same value' };
  return { inverse: { values: Object.fromEntries(pairs) } };
}
