import type { z } from 'zod';
import type { Sample } from '../benchmark.ts';
import { type Child, startChild } from '../start-child.ts';
import { type LoaderSettings, loaderDone, loaderWarm, sinkReady, sinkTally, subjectReady, subjectState } from './messages.ts';

/** A contestant of the pipeline and how much work a sample is. */
export interface PipelineSubject {
  readonly name: string;
  /** The module that the contestant's process runs. */
  readonly module: URL;
  /** Whether it claims to check signatures and to drop repeated deliveries. */
  readonly verifies: boolean;
  readonly load: Pick<LoaderSettings, 'concurrency' | 'warmUp' | 'timed' | 'patienceMs'>;
}

const secret = 'a webhook secret of the benchmark';
const startMs = 30_000;
const askMs = 10_000;
const passMs = 120_000;

async function ask<Answer>(child: Child, type: string, schema: z.ZodType<Answer>): Promise<Answer> {
  child.tell({ type });
  return await child.hear(schema, askMs);
}

/** Throws unless every delivery had exactly one effect, each as agreed, and every answer was read. */
export function assertAllDone(count: {
  readonly name: string;
  readonly expected: number;
  readonly effects: number;
  readonly tally: z.infer<typeof sinkTally>;
  readonly completed: number | null;
}): void {
  const { name, expected, effects, tally, completed } = count;
  if (tally.fault !== null) throw new Error(`${name} made a call that was not as agreed: ${tally.fault}`);
  const counts = { 'effects at the loader': effects, 'calls at the sink': tally.calls, 'different issues at the sink': tally.distinct };
  for (const [what, found] of Object.entries(counts))
    if (found !== expected) throw new Error(`${name}: ${found} ${what}, not ${expected}.`);
  if (completed !== null && completed !== expected) throw new Error(`${name} completed ${completed} calls, not ${expected}.`);
}

async function measure(subject: PipelineSubject, children: Child[]): Promise<Sample> {
  const start = (name: string, module: URL, argument: unknown): Child => {
    const child = startChild({ name: `${subject.name} (${name})`, module, argument });
    children.push(child);
    return child;
  };
  const sink = start('sink', new URL('./sink.ts', import.meta.url), null);
  const { port: sinkPort, arrivalsPort } = await sink.hear(sinkReady, startMs);
  const contestant = start('subject', subject.module, { sinkOrigin: `http://127.0.0.1:${sinkPort}`, secret });
  const { port, path } = await contestant.hear(subjectReady, startMs);
  const settings: LoaderSettings = { port, path, arrivalsPort, secret, verifies: subject.verifies, ...subject.load };
  const loader = start('loader', new URL('./loader.ts', import.meta.url), settings);
  await loader.hear(loaderWarm, passMs);
  const before = await ask(contestant, 'state', subjectState);
  loader.tell({ type: 'go' });
  const done = await loader.hear(loaderDone, passMs);
  const after = await ask(contestant, 'state', subjectState);
  const { timed, warmUp } = subject.load;
  assertAllDone({
    name: subject.name,
    expected: warmUp + timed + (subject.verifies ? 1 : 0),
    effects: done.effects,
    tally: await ask(sink, 'tally', sinkTally),
    completed: after.completed,
  });
  return {
    value: timed / done.seconds,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / timed,
    notes: { 'effect p50 ms': done.effectP50, 'p95 ms': done.effectP95, 'RSS MB': after.memoryBytes / 2 ** 20 },
  };
}

/** Runs a contestant once with its own sink and loader, all three as processes of their own, and ends them. */
export async function samplePipeline(subject: PipelineSubject): Promise<Sample> {
  const children: Child[] = [];
  try {
    return await measure(subject, children);
  } catch (error) {
    // The process that failed first says why; the others only lost their connection.
    const causes = children.flatMap((child) => child.failure() ?? []).filter((cause) => cause !== error);
    throw causes.length === 0 ? error : new AggregateError([error, ...causes], [error, ...causes].map(String).join('\n'));
  } finally {
    for (const child of children.toReversed()) await child.stop();
  }
}
