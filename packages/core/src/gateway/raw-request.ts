import type { HttpOptions } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';

/** A request before credential and origin are added. */
export interface RawRequest extends HttpOptions {
  readonly method: string;
  readonly path: RequestPath;
  readonly body?: { readonly contentType: string; readonly text: string };
}

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True where the method may change something at the service. */
export function isWriting({ method }: Pick<RawRequest, 'method'>): boolean {
  return !reading.has(method);
}
