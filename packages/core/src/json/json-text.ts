/**
 * The JSON text of a value, as `JSON.stringify` gives it; `undefined` where JSON cannot say it: nothing at all, a function, a BigInt, a
 * cycle, nesting deeper than the stack, or a `toJSON` that throws.
 */
export function jsonText(value: unknown): string | undefined {
  try {
    // Its type forgets that some values have no text.
    const text: string | undefined = JSON.stringify(value);
    return text;
  } catch {
    return undefined;
  }
}
