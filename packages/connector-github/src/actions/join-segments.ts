import { path, type RequestPath } from '@patchbay/core';
import { z } from 'zod';

/** The path of a request, segment by segment, each of which is encoded as one. */
export const segmentsInput = z
  .array(z.string().regex(/^(?!(?:.*[\\/])?\.{1,2}(?:[\\/]|$))[^\p{Cc}]{1,1024}$/su))
  .min(1)
  .max(20)
  .describe('Segments of the path below the address of the REST API: repos, octocat, hello-world, topics. A slash in one is encoded.');

/** A path of these segments; its template tells how many there are and nothing more. Throws `invalid_argument` as `path` does. */
export function joinSegments(segments: readonly string[]): RequestPath {
  const literals = ['/', ...segments.slice(1).map(() => '/'), ''];
  return path(Object.assign(literals, { raw: literals }), ...segments);
}
