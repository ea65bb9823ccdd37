const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case uuid. What fails it is answered like an id that does not exist, and never reaches the store. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && shape.test(value);
}
