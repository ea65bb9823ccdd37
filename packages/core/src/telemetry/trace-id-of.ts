const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The trace id of everything that an event causes: its id without the hyphens, 32 hexadecimal digits. `null` for what is no uuid. Every process and
 * every retry works out the same one, so nothing is stored of it.
 */
export function traceIdOf(root: string): string | null {
  return uuid.test(root) ? root.replaceAll('-', '') : null;
}
