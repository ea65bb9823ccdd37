import type { CacheUse, HttpOptions } from '../connector/connector-http.ts';
import type { RequestPath } from '../connector/path.ts';
import type { RequestBody } from './body-shape.ts';
import type { AnswerProtocol } from './protocols/answer-protocol.ts';

/** A request before credential and origin are added. */
export interface RawRequest extends HttpOptions {
  readonly method: string;
  readonly path: RequestPath;
  readonly body?: RequestBody;
  /** @default by the method */
  readonly effect?: 'read' | 'write';
  /** How its answer is read. @default as JSON */
  readonly protocol?: AnswerProtocol;
  /** @default the answer is not kept */
  readonly cache?: CacheUse;
}

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True where the request may change something at the service: by its own word, else by its method. */
export function isWriting({ method, effect }: Pick<RawRequest, 'method' | 'effect'>): boolean {
  return effect === undefined ? !reading.has(method) : effect === 'write';
}

/** True where it asks for an answer only if something has changed. */
export function isConditional({ headers = {} }: Pick<RawRequest, 'headers'>): boolean {
  return Object.keys(headers).some((name) => /^if-(none-match|modified-since)$/i.test(name));
}

/** False where the body is a stream, which is read once: whoever would send such a request again must not. */
export function canRepeat({ body }: Pick<RawRequest, 'body'>): boolean {
  return body?.upload === undefined;
}
