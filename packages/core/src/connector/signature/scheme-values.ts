const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** True for a header's name in lower case. */
export function isHeaderName(value: unknown): value is string {
  return typeof value === 'string' && headerName.test(value);
}

/** True for text that is not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** True for text that is not empty, and for nothing at all. */
export function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || isText(value);
}

/** True for a number within two bounds, both included. */
export function isNumberWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}
