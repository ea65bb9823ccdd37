import type { Benchmark, Case, RunSettings } from '../benchmark.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { startChild } from '../start-child.ts';
import type { contestants } from './messages.ts';
import { serverReady } from './messages.ts';
import { sampleRequests } from './sample-requests.ts';

/** Milliseconds of one sample, and within which a server has started. */
const sampleMs = { full: 1_500, quick: 300 };
const startMs = 10_000;

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly atOnce: number;
  readonly ours: (typeof contestants)[number];
  readonly onPostgres: boolean;
  readonly reach: number;
}

function casesOf(
  variant: Variant,
  given: { readonly server: PostgresServer | null; readonly origins: Origins; readonly settings: RunSettings },
): readonly Case[] {
  const { server, origins, settings } = given;
  const milliseconds = settings.quick ? sampleMs.quick : sampleMs.full;
  const measured = (role: Case['role'], name: string, contestant: Variant['ours'], origin = origins.service): Case => {
    const load = { name, contestant, origin, milliseconds, atOnce: variant.atOnce };
    return { name, role, sample: () => sampleRequests({ ...load, server: contestant === variant.ours ? server : null }) };
  };
  return [
    measured('limit', 'undici', 'undici'),
    ...(settings.baselinesOnly ? [] : [measured('ours', 'patchbay', variant.ours)]),
    measured('control', 'undici again', 'undici'),
    measured('peer', 'got', 'got'),
    measured('peer', 'axios', 'axios'),
    measured('peer', 'undici through a reverse proxy', 'undici', origins.proxy),
  ];
}

interface Origins {
  readonly service: string;
  readonly proxy: string;
}

function variant(given: Variant): Benchmark {
  return {
    name: given.name,
    unit: 'requests/s',
    title: given.title,
    better: 'higher',
    reach: given.reach,
    peerReach: null,
    repetitions: { full: 7, quick: 1 },
    async prepare(settings) {
      const service = startChild({ name: 'service', module: new URL('service.ts', import.meta.url), argument: null });
      const { origin } = await service.hear(serverReady, startMs);
      const proxy = startChild({ name: 'proxy', module: new URL('reverse-proxy.ts', import.meta.url), argument: origin });
      const proxied = await proxy.hear(serverReady, startMs);
      const server = given.onPostgres ? await startPostgres() : null;
      return {
        cases: casesOf(given, { server, origins: { service: origin, proxy: proxied.origin }, settings }),
        async close() {
          await Promise.all([service.stop(), proxy.stop(), server?.stop()]);
        },
      };
    },
  };
}

const whole = 'limits, breaker, deadline, log and metrics';

/** One request at a time and 50 at once through `tenant.request`, with everything that the gateway does by default. */
export const gateway1 = variant({
  name: 'gateway-1',
  title: `2 KB of JSON through tenant.request with credential, ${whole}, one at a time, memory storage`,
  atOnce: 1,
  ours: 'patchbay',
  onPostgres: false,
  reach: 0.6,
});
export const gateway1Postgres = variant({
  name: 'gateway-1-postgres',
  title: `2 KB of JSON through tenant.request with credential, ${whole}, one at a time, PostgreSQL`,
  atOnce: 1,
  ours: 'patchbay',
  onPostgres: true,
  reach: 0.6,
});
export const gateway50 = variant({
  name: 'gateway-50',
  title: `2 KB of JSON through tenant.request with credential, ${whole}, 50 at once, memory storage`,
  atOnce: 50,
  ours: 'patchbay',
  onPostgres: false,
  reach: 0.6,
});
export const gateway50Postgres = variant({
  name: 'gateway-50-postgres',
  title: `2 KB of JSON through tenant.request with credential, ${whole}, 50 at once, PostgreSQL`,
  atOnce: 50,
  ours: 'patchbay',
  onPostgres: true,
  reach: 0.6,
});

/** The same with the credential and the deadline alone, as a connector's code asks. */
export const gateway1Plain = variant({
  name: 'gateway-1-plain',
  title: '2 KB of JSON through the http of a connector with credential and deadline, one at a time',
  atOnce: 1,
  ours: 'patchbay-plain',
  onPostgres: false,
  reach: 0.85,
});
export const gateway50Plain = variant({
  name: 'gateway-50-plain',
  title: '2 KB of JSON through the http of a connector with credential and deadline, 50 at once',
  atOnce: 50,
  ours: 'patchbay-plain',
  onPostgres: false,
  reach: 0.85,
});
