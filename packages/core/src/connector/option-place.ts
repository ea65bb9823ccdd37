import type { OptionUse } from './option-use.ts';

/** Where the choices of a field come from, written out. */
export interface OptionPlace {
  readonly source: string;
  /** The input's field, by need. */
  readonly from: Readonly<Record<string, string>>;
}

/** A use with every need named: those that it does not name are the fields of the same names. */
export function optionPlace(use: OptionUse, sources: Readonly<Record<string, { readonly needs?: readonly string[] }>>): OptionPlace {
  if (typeof use !== 'string') return { source: use.source, from: { ...use.from } };
  const { needs = [] } = (Object.hasOwn(sources, use) ? sources[use] : undefined) ?? {};
  return { source: use, from: Object.fromEntries(needs.map((need) => [need, need])) };
}
