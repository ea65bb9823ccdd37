import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { HttpAnswer } from '../connector/connector-http.ts';

/** Longest id of a request that is kept, characters. */
const longestRequestId = 200;

/** The service's own id of a request, for its support desk; `undefined` where its connector names no header for it, or the answer has none. */
export function requestIdOf(
  { requestIdHeader }: Pick<AnyDefinition, 'requestIdHeader'>,
  headers: HttpAnswer['headers'],
): string | undefined {
  const named = requestIdHeader === undefined ? undefined : headers[requestIdHeader];
  return typeof named === 'string' ? named.slice(0, longestRequestId) : undefined;
}
