import { installNodeRed, nodeRedVersion } from '../../baselines/pipeline-memory/node-red-install.ts';
import type { Benchmark, Case, RunSettings } from '../benchmark.ts';
import { type PipelineSubject, samplePipeline } from './sample-pipeline.ts';

const concurrency = 20;
const patienceMs = 10_000;
const fullLoad = { concurrency, warmUp: 4_000, timed: 12_000, patienceMs, bodyBytes: null };
const quickLoad = { concurrency, warmUp: 1_000, timed: 2_000, patienceMs, bodyBytes: null };

const handWritten = new URL('../../baselines/pipeline-memory/hand-written.ts', import.meta.url);
const nodeRed = new URL('../../baselines/pipeline-memory/node-red.ts', import.meta.url);
const patchbay = new URL('./patchbay-host.ts', import.meta.url);

async function prepareCases({ quick, baselinesOnly, report }: RunSettings): Promise<readonly Case[]> {
  const load = quick ? quickLoad : fullLoad;
  const sampled = (role: Case['role'], subject: Omit<PipelineSubject, 'load'>): Case => ({
    name: subject.name,
    role,
    sample: () => samplePipeline({ ...subject, load }),
  });
  const peer = `node-red@${nodeRedVersion}`;
  const missing = await installNodeRed(report);
  if (missing !== null) report(`${peer} is missing: ${missing}`);
  return [
    sampled('limit', { name: 'hand-written', module: handWritten, verifies: true }),
    ...(baselinesOnly ? [] : [sampled('ours', { name: 'patchbay', module: patchbay, verifies: true })]),
    missing === null ? sampled('peer', { name: peer, module: nodeRed, verifies: false }) : { name: peer, role: 'peer', missing },
    sampled('control', { name: 'hand-written again', module: handWritten, verifies: true }),
  ];
}

/**
 * The whole pipeline in one process on memory storage: a signed GitHub delivery in over HTTP, one create-issue call out
 * over HTTP, 20 at once, closed by effect. Against the same by hand without history or durability, and against Node-RED.
 */
export const pipelineMemory: Benchmark = {
  name: 'pipeline-memory',
  unit: 'webhooks/s',
  title: `signed GitHub webhook of 11.6 KB in, create-issue call out, ${concurrency} at once, memory storage`,
  better: 'higher',
  reach: 0.5,
  peerReach: 2,
  repetitions: { full: 7, quick: 3 },
  prepare: async (settings) => ({ cases: await prepareCases(settings), close: async () => {} }),
};
