import type { Benchmark, Case } from '../benchmark.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { sampleDeliveries } from './sample-deliveries.ts';

/** How large one run is. */
interface Size {
  readonly endpoints: number;
  readonly perSecond: number;
  readonly seconds: number;
}

const full: Size = { endpoints: 100, perSecond: 100, seconds: 30 };
const quick: Size = { endpoints: 20, perSecond: 40, seconds: 3 };

function casesOf(server: PostgresServer | null, size: Size, baselinesOnly: boolean): readonly Case[] {
  const ours: Case = { name: 'one hangs', role: 'ours', sample: () => sampleDeliveries({ server, ...size, hangs: true }) };
  return [
    { name: 'none hangs', role: 'limit', sample: () => sampleDeliveries({ server, ...size, hangs: false }) },
    ...(baselinesOnly ? [] : [ours]),
  ];
}

const endpointHangOf = (name: string, where: 'PostgreSQL' | 'memory'): Benchmark => ({
  name,
  unit: 'ms',
  title: `publish to the request at ${full.endpoints - 1} endpoints, p99, ${where}, while another hangs for 30 s at each of its 20 a second`,
  better: 'lower',
  reach: 1.5,
  peerReach: null,
  repetitions: { full: 3, quick: 1 },
  async prepare(settings) {
    const server = where === 'memory' ? null : await startPostgres();
    const cases = casesOf(server, settings.quick ? quick : full, settings.baselinesOnly);
    return { cases, close: async () => server?.stop() };
  },
});

/** One of 100 endpoints hangs; the others wait no longer than 1.5 times what they wait without it. */
export const endpointHang: Benchmark = endpointHangOf('endpoint-hang', 'PostgreSQL');

/** The same without a database. */
export const endpointHangMemory: Benchmark = endpointHangOf('endpoint-hang-memory', 'memory');
