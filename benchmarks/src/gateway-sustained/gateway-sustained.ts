import type { Benchmark, Case } from '../benchmark.ts';
import { startPostgres } from '../postgres-server/start-postgres.ts';
import { type Load, runLoad, sampleLoad } from './sample-load.ts';

/** What is promised of a request, the service's part included. */
const promisedMs = 100;

const promise = (value: number): Case => ({
  name: 'the promise',
  role: 'limit',
  sample: async () => ({ value, cpuMicroseconds: null, notes: {} }),
});

/**
 * 1,000 requests a second for 60 s over 100 connections of 20 tenants, from three processes that share a database. The service allows each connection 150 requests in 10 s
 * and is asked for 100: a request that goes at the end of a window is counted for the next one too, since nobody knows in which it arrives. Two more connections are asked for as much as they give. A sample throws where a steady request has no good answer, or where the service
 * has counted one beyond a quota.
 */
export const gatewaySustained: Benchmark = {
  name: 'gateway-sustained',
  unit: 'ms',
  title: '1,000 requests a second over 100 connections of 20 tenants with limits, three processes, PostgreSQL, p95 of a request',
  better: 'lower',
  reach: 1,
  peerReach: null,
  repetitions: { full: 1, quick: 1 },
  async prepare({ quick, baselinesOnly }) {
    const server = await startPostgres();
    const load = {
      server,
      milliseconds: quick ? 4_000 : 60_000,
      quota: { requests: 150, windowMs: 10_000 },
      tells: true,
      rate: 1_000,
      tenants: 20,
      steady: 5,
    };
    const plain: Load = { ...load, client: 'undici', greedy: 0, callers: 0 };
    const ours: Load = { ...load, client: 'patchbay', greedy: 2, callers: 4 };
    const cases: readonly Case[] = [
      promise(promisedMs),
      ...(baselinesOnly ? [] : [{ name: 'patchbay', role: 'ours', sample: () => sampleLoad(ours) } as const]),
      { name: 'undici, nothing held back', role: 'peer', sample: () => sampleLoad(plain) },
    ];
    return { cases, close: server.stop };
  },
};

/**
 * A declared limit of 1,000 a second of one connection that is asked for more by three processes: what comes through, and never more. Its service tells nothing:
 * an end in whole seconds says nothing of windows of one.
 */
export const limit1000: Benchmark = {
  name: 'limit-1000',
  unit: 'requests/s',
  title: 'what comes through a limit of 1,000 requests a second of one connection, asked for more by three processes, PostgreSQL',
  better: 'higher',
  reach: 0.95,
  peerReach: null,
  repetitions: { full: 3, quick: 1 },
  async prepare({ quick, baselinesOnly }) {
    const server = await startPostgres();
    const milliseconds = quick ? 3_000 : 15_000;
    const load: Load = {
      server,
      client: 'patchbay',
      quota: { requests: 1_000, windowMs: 1_000 },
      tells: false,
      milliseconds,
      rate: 0,
      tenants: 0,
      steady: 0,
      greedy: 1,
      callers: 150,
    };
    const sample = async () => {
      const { greedy, most, cpuMicroseconds } = await runLoad(load);
      return { value: (greedy / milliseconds) * 1_000, cpuMicroseconds: cpuMicroseconds / greedy, notes: { 'most in a window': most } };
    };
    const ours: readonly Case[] = baselinesOnly ? [] : [{ name: 'patchbay', role: 'ours', sample }];
    return { cases: [promise(1_000), ...ours], close: server.stop };
  },
};
