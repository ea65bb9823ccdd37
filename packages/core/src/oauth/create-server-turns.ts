import type { Clock } from '../clock/clock.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** A turn at an authorization server that somebody asks for. */
export interface TurnRequest {
  /** Origin of the server. */
  readonly server: string;
  readonly tenant: string;
  /** Turns that may be taken there at a time. @default 16 */
  readonly most?: number | undefined;
}

/** Who may call which authorization server now. Many tokens that end together do not become as many calls. */
export interface ServerTurns {
  /**
   * Waits for a turn and answers what ends it. Tenants take turns in a circle, and one tenant's calls go in the order in which they came. Throws
   * `provider_unavailable`, retryable and unsent, after five seconds, and at once where 250 calls of the tenant or 1,000 in all wait.
   */
  take(request: TurnRequest): Promise<() => void>;
}

/** Enough for 160 renewals a second at a server that answers in a tenth of one; below what services allow one client. */
const mostAtOnce = 16;

/** Milliseconds of waiting. With the ten of the call it is half of the lease under which a token is renewed. */
const longestWaitMs = 5_000;

const mostWaiting = { server: 1_000, tenant: 250 };

interface Server {
  taken: number;
  waiting: number;
  /** What lets each waiting call go, by tenant, in the order of whose turn it is. */
  readonly lines: Map<string, Set<() => void>>;
}

/** Turns at authorization servers in one process. A server that nobody calls takes no room. */
export function createServerTurns(clock: Pick<Clock, 'setTimer'>): ServerTurns {
  const servers = new Map<string, Server>();
  return {
    take({ server: origin, tenant, most = mostAtOnce }) {
      const server = servers.get(origin) ?? { taken: 0, waiting: 0, lines: new Map<string, Set<() => void>>() };
      servers.set(origin, server);
      const leave = (): void => {
        server.taken -= 1;
        next(server);
        if (server.taken === 0 && server.waiting === 0) servers.delete(origin);
      };
      if (server.taken < most && server.waiting === 0) {
        server.taken += 1;
        return Promise.resolve(once(leave));
      }
      return waitIn(server, { clock, tenant }).then(() => once(leave));
    },
  };
}

function waitIn(server: Server, { clock, tenant }: { readonly clock: Pick<Clock, 'setTimer'>; readonly tenant: string }): Promise<void> {
  const line = server.lines.get(tenant) ?? new Set<() => void>();
  if (server.waiting >= mostWaiting.server || line.size >= mostWaiting.tenant) return Promise.reject(tooBusy());
  server.lines.set(tenant, line);
  return new Promise((resolve, reject) => {
    const leaveLine = (): void => {
      line.delete(go);
      server.waiting -= 1;
      if (line.size === 0) server.lines.delete(tenant);
    };
    const timer = clock.setTimer(() => {
      leaveLine();
      reject(tooBusy());
    }, longestWaitMs);
    const go = (): void => {
      timer.cancel();
      leaveLine();
      server.taken += 1;
      resolve();
    };
    line.add(go);
    server.waiting += 1;
  });
}

/** Lets the first of the next tenant go, and puts that tenant at the end of the circle. */
function next({ lines }: Server): void {
  for (const [tenant, line] of lines) {
    const [first] = line;
    lines.delete(tenant);
    lines.set(tenant, line);
    first?.();
    return;
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

const tooBusy = (): PatchbayError =>
  new PatchbayError({
    code: 'provider_unavailable',
    message: 'Too many calls of this authorization server are under way. Nothing was sent; try again in a while.',
    retryable: true,
    sent: 'no',
  });
