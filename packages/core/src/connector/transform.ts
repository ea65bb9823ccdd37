import type { Json } from '../json/json.ts';
import type { QueryValue } from './query-value.ts';

/** A request as a transform sees it. Origin, path and credential are not among what it can change, nor are they shown. */
export interface TransformableRequest {
  readonly method: string;
  /** The path with `{}` for each value, below the connector's base path. */
  readonly template: string;
  readonly query: Readonly<Record<string, QueryValue>>;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` where the body is not JSON, or there is none. */
  readonly json: Json | undefined;
}

/** What a transform makes of a request; what it leaves out stays as it is. */
export interface RequestChange {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only for a request whose body is JSON. */
  readonly json?: Json;
}

/** Changes a request; `undefined` leaves it as it is. Pure: the same request gives the same change. */
export type RequestTransform = (request: TransformableRequest) => RequestChange | undefined;

/** A good answer as a transform sees it. */
export interface TransformableResponse {
  readonly method: string;
  readonly template: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly json: Json;
}

/** Gives the body that is read in place of the one that came; `undefined` leaves it as it is. Pure. */
export type ResponseTransform = (response: TransformableResponse) => Json | undefined;

/** A transform of either kind, as the host names them. */
export interface Transforms {
  readonly request?: RequestTransform;
  readonly response?: ResponseTransform;
}
