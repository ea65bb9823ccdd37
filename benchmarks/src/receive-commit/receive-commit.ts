import type { Benchmark, Case } from '../benchmark.ts';
import { startPostgres } from '../postgres-server/start-postgres.ts';
import { type ReceiptSettings, sampleReceipts } from './sample-receipts.ts';

const ours = new URL('patchbay-receiver.ts', import.meta.url);
const byHand = new URL('../../baselines/receive-commit/hand-written.ts', import.meta.url);

type Load = Omit<ReceiptSettings, 'server' | 'module'>;

const receiptsOf = (about: Pick<Benchmark, 'name' | 'unit' | 'title' | 'better' | 'reach'>, full: Load, quick: Load): Benchmark => ({
  ...about,
  peerReach: null,
  repetitions: { full: 7, quick: 1 },
  async prepare(settings) {
    const server = await startPostgres();
    const load = settings.quick ? quick : full;
    const sampled = (role: Case['role'], name: string, module: URL): Case => ({
      name,
      role,
      sample: () => sampleReceipts({ server, module, ...load }),
    });
    const cases = [
      sampled('limit', 'by hand', byHand),
      ...(settings.baselinesOnly ? [] : [sampled('ours', 'patchbay', ours)]),
      sampled('control', 'by hand again', byHand),
    ];
    return { cases, close: server.stop };
  },
});

/** From a webhook's first byte to its answer, which comes after the commit: the slowest of 20, at 200 a second. */
export const receiveCommit: Benchmark = receiptsOf(
  {
    name: 'receive-commit',
    unit: 'ms',
    title: 'webhook of 2 KB sent to answered after its commit, p95 at 200 a second, PostgreSQL with fsync',
    better: 'lower',
    reach: 3,
  },
  { deliveries: 3_000, warmUp: 1_000, perSecond: 200, connections: 64 },
  { deliveries: 400, warmUp: 200, perSecond: 200, connections: 64 },
);

/** The same with as many as are taken, 32 at once. */
export const receiveCommitFull: Benchmark = receiptsOf(
  {
    name: 'receive-commit-full',
    unit: 'webhooks/s',
    title: 'webhooks of 2 KB taken in and committed, 32 at once, PostgreSQL with fsync',
    better: 'higher',
    reach: 0.6,
  },
  { deliveries: 20_000, warmUp: 4_000, perSecond: null, connections: 32 },
  { deliveries: 1_500, warmUp: 500, perSecond: null, connections: 32 },
);
