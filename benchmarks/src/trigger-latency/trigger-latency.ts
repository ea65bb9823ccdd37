import type { Benchmark, Case } from '../benchmark.ts';
import { peerVersion } from '../postgres-server/peer-version.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { type LatencyLoad, sampleLatency } from './sample-latency.ts';

/** The contestants, each of which runs in one process and in two. */
export const latencyContestants = {
  limit: {
    name: `graphile-worker@${peerVersion('graphile-worker')}`,
    module: new URL('../../baselines/trigger-latency/graphile-worker.ts', import.meta.url),
  },
  ours: { name: 'patchbay', module: new URL('patchbay-trigger.ts', import.meta.url) },
} as const;

function casesOf(server: PostgresServer, load: LatencyLoad, baselinesOnly: boolean): readonly Case[] {
  const { limit, ours } = latencyContestants;
  const sampled = (role: Case['role'], { name, module }: { name: string; module: URL }, isApart: boolean): Case => ({
    name,
    role,
    sample: () => sampleLatency({ server, name, module, isApart, load }),
  });
  const apart = (contestant: { name: string; module: URL }): Case =>
    sampled('peer', { ...contestant, name: `${contestant.name}, another process` }, true);
  return [
    sampled('limit', limit, false),
    ...(baselinesOnly ? [] : [sampled('ours', ours, false)]),
    apart(limit),
    ...(baselinesOnly ? [] : [apart(ours)]),
    sampled('control', { ...limit, name: `${limit.name} again` }, false),
  ];
}

/**
 * From an event's commit to the start of its automation's effect, by 95 of 100, against what a queue alone takes from its commit to its task. What
 * a worker in another process takes is shown for both and decides nothing.
 */
const latencyOf = (name: string, load: LatencyLoad, quick: LatencyLoad): Benchmark => ({
  name,
  unit: 'ms',
  title: `event committed to effect started, p95, ${load.perSecond} a second, PostgreSQL 18 with fsync`,
  better: 'lower',
  reach: 3,
  peerReach: null,
  repetitions: { full: 7, quick: 1 },
  async prepare(settings) {
    const server = await startPostgres();
    return { cases: casesOf(server, settings.quick ? quick : load, settings.baselinesOnly), close: server.stop };
  },
});

/** One event every 100 ms, so that each finds the worker idle. */
export const triggerLatency: Benchmark = latencyOf(
  'trigger-latency',
  { warmUp: 30, timed: 200, perSecond: 10 },
  { warmUp: 10, timed: 30, perSecond: 10 },
);

/** 200 events a second. */
export const triggerLatency200: Benchmark = latencyOf(
  'trigger-latency-200',
  { warmUp: 1_000, timed: 3_000, perSecond: 200 },
  { warmUp: 200, timed: 600, perSecond: 200 },
);
