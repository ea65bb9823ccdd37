import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { z } from 'zod';

/** How long a service in this process has worked on requests. */
export interface ServiceTime {
  /** Milliseconds from a request's head to the end of its answer, in the order in which they ended. */
  readonly ms: readonly number[];
  stop(): void;
}

const exchange = z.object({ request: z.custom<object>((value) => typeof value === 'object' && value !== null) });

/** Listens to Node's own HTTP servers, so that the service needs no clock of its own; nothing else may serve HTTP in this process meanwhile. */
export function timeOfService(): ServiceTime {
  const begun = new WeakMap<object, number>();
  const ms: number[] = [];
  const begin = (message: unknown): void => {
    begun.set(exchange.parse(message).request, performance.now());
  };
  const end = (message: unknown): void => {
    const from = begun.get(exchange.parse(message).request);
    if (from !== undefined) ms.push(performance.now() - from);
  };
  subscribe('http.server.request.start', begin);
  subscribe('http.server.response.finish', end);
  return {
    ms,
    stop() {
      unsubscribe('http.server.request.start', begin);
      unsubscribe('http.server.response.finish', end);
    },
  };
}
