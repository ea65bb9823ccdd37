import type { z } from 'zod';
import type { Benchmark, Case, Sample } from '../benchmark.ts';
import { startChild } from '../start-child.ts';
import { type flowSettings, flowsDone, serverReady } from './messages.ts';

/** Flows of one user at a time: what the promise is for. */
const atOnce = 5;

/** Milliseconds for one sample, after which it is given up. */
const sampleMs = 120_000;

async function sampleFlows(name: string, argument: z.infer<typeof flowSettings>): Promise<Sample> {
  const child = startChild({ name, module: new URL('flow-subject.ts', import.meta.url), argument });
  try {
    const { milliseconds, cpuMicroseconds, p50, p99 } = await child.hear(flowsDone, sampleMs);
    return { value: (argument.flows / milliseconds) * 1_000, cpuMicroseconds, notes: { 'p50 ms': p50, 'p99 ms': p99 } };
  } finally {
    await child.stop();
  }
}

/**
 * Whole authorization code flows without the person, on memory storage: begin, callback, exchange at a server in another process, connected.
 * Against the same with oauth4webapi and maps. The promise is 3 s for a flow; the notes say what one takes.
 */
export const oauthFlow: Benchmark = {
  name: 'oauth-flow',
  unit: 'flows/s',
  title: `OAuth from click to connected without the person, ${atOnce} flows of one user at once, memory storage`,
  better: 'higher',
  reach: 0.5,
  peerReach: null,
  repetitions: { full: 7, quick: 1 },
  async prepare({ quick, baselinesOnly }) {
    const server = startChild({
      name: 'authorization server',
      module: new URL('authorization-server.ts', import.meta.url),
      argument: null,
    });
    const { origin } = await server.hear(serverReady, sampleMs);
    const flows = quick ? 500 : 4_000;
    const measured = (role: Case['role'], name: string, contestant: z.infer<typeof flowSettings>['contestant']): Case => ({
      name,
      role,
      sample: () => sampleFlows(name, { contestant, origin, flows, atOnce }),
    });
    return {
      cases: [
        measured('limit', 'hand-written', 'hand-written'),
        ...(baselinesOnly ? [] : [measured('ours', 'patchbay', 'patchbay')]),
        measured('control', 'hand-written again', 'hand-written'),
      ],
      close: () => server.stop(),
    };
  },
};
