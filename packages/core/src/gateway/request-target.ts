import { PatchbayError } from '../errors/patchbay-error.ts';

/**
 * Path and query of a request below the connector's base path. Looked at once more as a whole, as the service will: whatever made it, it
 * names no other origin, climbs out of nothing, and is read by others as it is written. Throws `egress_refused`.
 */
export function requestTarget(place: { readonly origin: string; readonly basePath: string }, path: string, query: string): string {
  const target = `${place.basePath}${path}${query === '' ? '' : `?${query}`}`;
  const url = URL.parse(`${place.origin}${target}`);
  const isPlain =
    path.startsWith('/') && !path.includes('?') && !target.startsWith('//') && url?.origin === place.origin && url.username === '';
  if (isPlain && `${url.pathname}${url.search}` === target) return target;
  throw new PatchbayError({
    code: 'egress_refused',
    message: "The path is not one of plain segments below the connector's own. Make it with the path tag and pass values through it.",
    sent: 'no',
  });
}
