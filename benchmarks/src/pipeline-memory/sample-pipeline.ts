import type { z } from 'zod';
import type { Sample } from '../benchmark.ts';
import { type Child, startChild } from '../start-child.ts';
import {
  type LoaderSettings,
  loaderDone,
  loaderWarm,
  type SubjectSettings,
  sinkReady,
  sinkTally,
  subjectReady,
  subjectState,
} from './messages.ts';

/** A database of one sample. */
export interface SampleDatabase {
  readonly url: string;
  /** Processor time of its server so far, in seconds; null where the platform does not tell. */
  readonly processorSeconds: () => number | null;
  readonly close: () => Promise<void>;
}

/** A contestant of the pipeline and how much work a sample is. */
export interface PipelineSubject {
  readonly name: string;
  /** The module that the contestant's processes run. */
  readonly module: URL;
  /** Whether it claims to check signatures and to drop repeated deliveries. */
  readonly verifies: boolean;
  readonly load: Pick<LoaderSettings, 'concurrency' | 'warmUp' | 'timed' | 'patienceMs' | 'bodyBytes'>;
  /** Opens a database for a sample. @default none */
  readonly openDatabase?: () => Promise<SampleDatabase>;
  /** Processes that share the work. @default 1 */
  readonly processes?: number;
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

type Start = (name: string, module: URL, argument: unknown) => Child;

/** Starts the contestant's processes: the first sets everything up, and those behind it join. */
async function startContestants(
  { module, processes = 1 }: PipelineSubject,
  start: Start,
  settings: Omit<SubjectSettings, 'joins'>,
): Promise<{ readonly children: readonly Child[]; readonly ports: readonly number[]; readonly path: string }> {
  const children: Child[] = [];
  const ports: number[] = [];
  let path: string | null = null;
  for (let place = 0; place < processes; place += 1) {
    const child = start(place === 0 ? 'subject' : `subject ${place + 1}`, module, { ...settings, joins: path });
    const ready = await child.hear(subjectReady, startMs);
    children.push(child);
    ports.push(ready.port);
    path ??= ready.path;
  }
  return { children, ports, path: path ?? '' };
}

type State = Pick<z.infer<typeof subjectState>, 'cpuMicroseconds' | 'memoryBytes' | 'completed'>;

/** What all of a contestant's processes say of themselves, added up. */
async function stateOf(contestants: readonly Child[]): Promise<State> {
  const states: State[] = [];
  for (const child of contestants) states.push(await ask(child, 'state', subjectState));
  const sum = (of: (state: State) => number): number => states.reduce((total, state) => total + of(state), 0);
  return {
    cpuMicroseconds: sum((state) => state.cpuMicroseconds),
    memoryBytes: sum((state) => state.memoryBytes),
    completed: states.some(({ completed }) => completed === null) ? null : sum(({ completed }) => completed ?? 0),
  };
}

async function measure(subject: PipelineSubject, start: Start, database: SampleDatabase | undefined): Promise<Sample> {
  const sink = start('sink', new URL('./sink.ts', import.meta.url), null);
  const { port: sinkPort, arrivalsPort } = await sink.hear(sinkReady, startMs);
  const sinkOrigin = `http://127.0.0.1:${sinkPort}`;
  const contestants = await startContestants(subject, start, { sinkOrigin, secret, databaseUrl: database?.url ?? null });
  const { children, path } = contestants;
  const { verifies, load } = subject;
  const settings: LoaderSettings = { ports: [...contestants.ports], path, arrivalsPort, secret, verifies, ...load };
  const loader = start('loader', new URL('./loader.ts', import.meta.url), settings);
  await loader.hear(loaderWarm, passMs);
  const before = await stateOf(children);
  const serverBefore = database?.processorSeconds() ?? null;
  loader.tell({ type: 'go' });
  const done = await loader.hear(loaderDone, passMs);
  const serverAfter = database?.processorSeconds() ?? null;
  const after = await stateOf(children);
  const expected = load.warmUp + load.timed + (verifies ? 1 : 0);
  const tally = await ask(sink, 'tally', sinkTally);
  assertAllDone({ name: subject.name, expected, effects: done.effects, tally, completed: after.completed });
  const serverSeconds = serverBefore === null || serverAfter === null ? null : serverAfter - serverBefore;
  return {
    value: load.timed / done.seconds,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / load.timed,
    notes: {
      'effect p50 ms': done.effectP50,
      'p95 ms': done.effectP95,
      'RSS MB': after.memoryBytes / 2 ** 20,
      ...(serverSeconds === null ? {} : { 'server us/op': (serverSeconds * 1_000_000) / load.timed }),
    },
  };
}

/** Runs a contestant once with its own sink, loader and database, all as processes of their own, and ends them. */
export async function samplePipeline(subject: PipelineSubject): Promise<Sample> {
  const children: Child[] = [];
  const database = await subject.openDatabase?.();
  try {
    const start: Start = (name, module, argument) => {
      const child = startChild({ name: `${subject.name} (${name})`, module, argument });
      children.push(child);
      return child;
    };
    return await measure(subject, start, database);
  } catch (error) {
    // The process that failed first says why; the others only lost their connection.
    const causes = children.flatMap((child) => child.failure() ?? []).filter((cause) => cause !== error);
    throw causes.length === 0 ? error : new AggregateError([error, ...causes], [error, ...causes].map(String).join('\n'));
  } finally {
    for (const child of children.toReversed()) await child.stop();
    await database?.close();
  }
}
