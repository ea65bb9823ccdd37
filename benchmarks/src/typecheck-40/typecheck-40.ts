import type { Benchmark, Case, PreparedCases, RunSettings, Sample } from '../benchmark.ts';
import { appModel } from './app-model.ts';
import { diagnostic, runCompiler } from './run-compiler.ts';
import { type WrittenApps, writeApps } from './write-app.ts';

const size = { connectors: 40, automations: 200 };

/** Modules that each app consists of: the connectors, the hub, ten automations each. */
const moduleCount = size.connectors + 1 + size.automations / 10;

async function sampleProject(project: string): Promise<Sample> {
  const run = await runCompiler(project);
  if (run.status !== 0) throw new Error(`${project} does not compile (status ${run.status}):\n${run.output.slice(0, 4_000)}`);
  const files = diagnostic(run.output, 'Files');
  if (files < moduleCount) throw new Error(`The compiler read ${files} files of ${project}, fewer than its ${moduleCount} modules.`);
  return {
    value: run.milliseconds,
    cpuMicroseconds: run.cpuMicroseconds,
    notes: { instantiations: diagnostic(run.output, 'Instantiations'), types: diagnostic(run.output, 'Types') },
  };
}

/** Throws unless every faulty module is refused, at a line of its own and nowhere else. */
async function assertFaultsFound(apps: WrittenApps): Promise<void> {
  const run = await runCompiler(apps.faulty);
  const faulted = [...run.output.matchAll(/^(?:.*[/\\])?([\w-]+\.ts)\(\d+,\d+\): error TS/gm)].map((match) => match[1]);
  const missed = apps.faultyFiles.filter((file) => !faulted.includes(file));
  const strays = faulted.filter((file) => file === undefined || !apps.faultyFiles.includes(file));
  if (missed.length === 0 && strays.length === 0) return;
  throw new Error(
    `Negative control: no error in [${missed.join(', ')}], unexpected ones in [${strays.join(', ')}].\n${run.output.slice(0, 4_000)}`,
  );
}

async function prepare({ baselinesOnly }: RunSettings): Promise<PreparedCases> {
  const apps = await writeApps(appModel(size));
  try {
    if (!baselinesOnly) await assertFaultsFound(apps);
  } catch (error) {
    await apps.remove();
    throw error;
  }
  const compiled = (name: string, role: Case['role'], project: string): Case => ({ name, role, sample: () => sampleProject(project) });
  return {
    cases: [
      compiled('untyped calls', 'limit', apps.untyped),
      ...(baselinesOnly ? [] : [compiled('typed calls', 'ours', apps.typed)]),
      compiled('schemas alone', 'peer', apps.schemasAlone),
      compiled('untyped calls again', 'control', apps.untyped),
    ],
    close: apps.remove,
  };
}

/** What the inference costs a host: the compiler over an app with 40 connectors of 25 actions and 200 automations, typed against untyped. */
export const typecheck40: Benchmark = {
  name: 'typecheck-40',
  unit: 'ms',
  title: 'tsc 7 over 40 connectors of 25 actions and 200 automations, calls typed by the hub against untyped records',
  better: 'lower',
  reach: 3,
  peerReach: null,
  repetitions: { full: 7, quick: 2 },
  prepare,
};
