import { path, type RequestPath } from '@patchbay/core';
import { z } from 'zod';

/** A path as its segments. Each is encoded as one, so none can hold a further one. */
export const apiSegments = z
  .array(z.string().min(1).max(300))
  .min(1)
  .max(20)
  .describe('Segments of the path below /rest, such as ["api", "3", "issue", "OPS-1"].');

const value = z.union([z.string(), z.number(), z.boolean()]);

/** Parameters of a query; a list repeats the name. */
export const queryValues = z.record(z.string().min(1).max(100), z.union([value, z.array(value).max(100)]));

/** The path of those segments. Throws `invalid_argument` for a dot segment. */
export function apiPath(segments: readonly string[]): RequestPath {
  const literals = [...segments.map(() => '/'), ''];
  return path(Object.assign(literals, { raw: literals }), ...segments);
}
