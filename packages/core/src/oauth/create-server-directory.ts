import type { Clock } from '../clock/clock.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { type DiscoveryNetwork, discoverServer } from './discover-server.ts';
import type { ServerMetadata } from './server-metadata.ts';

/** Which server is looked for. */
export interface ServerQuery {
  readonly issuer: string;
  readonly tenant: string;
  /** The host named the issuer, for all its tenants. */
  readonly isShared: boolean;
  /** Looks again where what is known is older than ten seconds. @default false */
  readonly isFresh?: boolean;
}

/** The authorization servers that are known by their metadata. */
export interface ServerDirectory {
  /** Throws as `discoverServer` does; for half a minute the same again, so that a server that is away is not asked by everybody. */
  find(query: ServerQuery): Promise<ServerMetadata>;
}

/** Milliseconds for which metadata are taken as they are. */
const freshMs = 3_600_000;

/** The same, for who has a reason to think that they have changed. */
const justReadMs = 10_000;

/** Milliseconds for which metadata hold on where the server cannot be asked: it is away, and its tokens are still to be renewed. */
const staleMs = 86_400_000;

const pauseMs = 30_000;

/** Servers that are remembered. The one that was asked for longest ago goes first. */
const mostServers = 1_000;

interface Entry {
  readonly known?: ServerMetadata;
  readonly readAt: number;
  readonly failure?: { readonly error: unknown; readonly at: number };
}

/** Remembers the metadata of authorization servers in this process, those that a tenant named for that tenant alone. */
export function createServerDirectory(through: DiscoveryNetwork & { readonly clock: Pick<Clock, 'monotonic'> }): ServerDirectory {
  const { clock } = through;
  const entries = new Map<string, Entry>();
  const under = new Map<string, Promise<ServerMetadata>>();

  const keep = (place: string, entry: Entry): void => {
    entries.delete(place);
    entries.set(place, entry);
    for (const [oldest] of entries) {
      if (entries.size <= mostServers) return;
      entries.delete(oldest);
    }
  };

  const look = async (place: string, query: ServerQuery): Promise<ServerMetadata> => {
    const before = entries.get(place);
    try {
      const known = await discoverServer(through, query);
      keep(place, { known, readAt: clock.monotonic() });
      return known;
    } catch (error) {
      const now = clock.monotonic();
      const holds = before?.known !== undefined && now - before.readAt < staleMs && isPatchbayError(error) && error.retryable;
      const failure = { error, at: now };
      keep(place, holds ? { ...before, failure } : { readAt: now, failure });
      if (holds && before.known) return before.known;
      throw error;
    }
  };

  return {
    find(query) {
      const place = JSON.stringify([query.isShared ? null : query.tenant, query.issuer]);
      const entry = entries.get(place);
      const now = clock.monotonic();
      const isPaused = entry?.failure !== undefined && now - entry.failure.at < pauseMs;
      const isKnown = entry?.known !== undefined && (isPaused || now - entry.readAt < (query.isFresh ? justReadMs : freshMs));
      if (entry && (isKnown || isPaused)) {
        keep(place, entry);
        return entry.known ? Promise.resolve(entry.known) : Promise.reject(entry.failure?.error);
      }
      const running = under.get(place);
      if (running !== undefined) return running;
      const begun = look(place, query).finally(() => under.delete(place));
      under.set(place, begun);
      return begun;
    },
  };
}
