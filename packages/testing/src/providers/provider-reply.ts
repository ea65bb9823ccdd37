import type { Json } from '@patchbay/core';
import type { ProviderRequest } from './provider-request.ts';

/** What a handler answers. */
export interface ProviderReply {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; left out, the body is empty. */
  readonly json?: Json;
  /** Sent as it is, in place of JSON: a page, a form, broken JSON. */
  readonly text?: string;
  /** The request changed something. @default false */
  readonly effect?: boolean;
}

/** Answers a request. Runs only where the request takes effect: a scripted fault may come before it, or swallow its answer. */
export type ProviderHandler = (request: ProviderRequest) => ProviderReply | Promise<ProviderReply>;

/** Handlers by `METHOD /path/:name`; a `:name` stands for one segment. */
export type ProviderRoutes = Readonly<Record<string, ProviderHandler>>;

/** One handler over routes. What no route fits is answered by `otherwise`. */
export function routeRequests(routes: ProviderRoutes, otherwise: ProviderHandler): ProviderHandler {
  const table = Object.entries(routes).map(([route, handler]) => ({ segments: route.split(/[ /]+/), handler }));
  return (request) => {
    const given = [request.method, ...request.path.slice(1).split('/')];
    for (const { segments, handler } of table) {
      const parameters = matchSegments(segments, given);
      if (parameters) return handler({ ...request, parameters });
    }
    return otherwise(request);
  };
}

function matchSegments(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':')) parameters[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return parameters;
}
