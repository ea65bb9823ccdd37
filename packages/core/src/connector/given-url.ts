import { path, type RequestPath } from './path.ts';

/** A URL that the service gave, at one of the connector's declared hosts. */
export interface GivenUrl extends RequestPath {
  readonly given: { readonly host: string; readonly url: string };
}

/**
 * The target of a request to a URL out of the service's own answer, such as a pre-signed upload: `host` is a declared host that takes no credential, and
 * the URL must lead there. It is checked where the request is made; in logs it is `/{}`.
 */
export function givenUrl(host: string, url: string): GivenUrl {
  // Nothing is sent of the value; it tells one URL from another wherever paths are compared.
  return { ...path`/`, value: `/${encodeURIComponent(String(url).toWellFormed())}`, template: '/{}', given: { host, url } };
}

/** True for what {@link givenUrl} made. */
export function isGivenUrl(path: RequestPath): path is GivenUrl {
  return 'given' in path;
}
