/** Any value, or text that holds an expression which gives it. */
export type Templated<Value> =
  | `${string}{{${string}}}${string}`
  | (Value extends string | number | boolean | null | undefined
      ? Value
      : Value extends readonly (infer Item)[]
        ? readonly Templated<Item>[]
        : Value extends object
          ? { readonly [Key in keyof Value]: Templated<Value[Key]> }
          : Value);
