const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a uuid. What fails it is answered like an id that does not exist. */
export const isUuid = (value: string): boolean => shape.test(value);
