/** Where the choices of a field come from: the name of a source, whose needs are the input's fields of the same names, or are named apart. */
export type OptionUse<Field extends string = string> = string | { readonly source: string; readonly from: Readonly<Record<string, Field>> };

/** By the path of a field, with dots. */
export type OptionUses<Field extends string = string> = { readonly [Path in Field]?: OptionUse<Field> };
