import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import type { EffectRequest, ProviderMood } from './support/effects-provider.ts';
import { type Experiment, postgresExperiment } from './support/experiment.ts';
import { type AccountLine, readLine } from './support/read-account.ts';
import { chanceOf } from './support/seed.ts';
import { patienceMs, sizes } from './support/sizes.ts';
import type { WorkerProcess } from './support/start-worker.ts';
import { waitUntil } from './support/wait-until.ts';

const figures = { concurrency: 4, leaseMs: 2_000, pollMs: 100 };
const { trials, pairs } = sizes.zombies;
const connectors = Array.from({ length: pairs }, (_, index) => `effects${index}`);

let experiment: Experiment;
const running = new Map<string, Trial>();
beforeEach(async () => {
  running.clear();
  experiment = await postgresExperiment({ url: inject('databaseUrl'), figures, connectors });
}, 60_000);
afterEach(() => experiment?.close(), 60_000);

/** What has come of the takeover when the zombie wakes. */
const takeovers = ['succeeded', 'retrying', 'under way'] as const;

interface Trial {
  readonly connector: string;
  readonly subject: string;
  readonly takeover: (typeof takeovers)[number];
  readonly requests: EffectRequest[];
  /** Resolve when the zombie, and whoever took over from it, are to be answered. */
  readonly answers: { readonly zombie: PromiseWithResolvers<void>; readonly follower: PromiseWithResolvers<void> };
}

/** Keeps the first request waiting until its sender has been stopped. The second is that of whoever took over. */
async function decide(request: EffectRequest): Promise<ProviderMood> {
  const trial = running.get(request.subject);
  if (trial === undefined) return 'serve';
  const count = trial.requests.push(request);
  if (count === 1) await trial.answers.zombie.promise;
  if (count === 2 && trial.takeover === 'under way') await trial.answers.follower.promise;
  return count === 2 && trial.takeover === 'retrying' ? { refuseForMs: 1_000 } : 'serve';
}

const recorded = (dispatchId: string): Promise<AccountLine> => readLine(experiment.database.storage.history, dispatchId);

const wasRefused = (zombie: WorkerProcess, dispatchId: string): boolean => zombie.lines.includes(`fenced ${dispatchId}`);

/** Stops whoever executes the dispatch until another has taken over, wakes it, and waits until all is over. Answers what is wrong. */
async function liveThrough(trial: Trial): Promise<readonly string[]> {
  const { connector, subject } = trial;
  const wait = (what: string, holds: () => boolean | Promise<boolean>) =>
    waitUntil({ what: `${subject} ${what}`, withinMs: 20_000 }, holds);
  running.set(subject, trial);
  const { dispatchId } = await experiment.stage.acme.actions.execute(`${connector}.apply`, { connection: 'main', input: { subject } });
  await wait('is executed', () => trial.requests.length >= 1);
  const zombie = experiment.crew.all.find(({ name }) => name === trial.requests[0]?.worker);
  if (zombie === undefined) return [`${subject} was executed by nobody`];
  zombie.process.kill('SIGSTOP');
  await wait('is taken over', () => trial.requests.length >= 2);
  if (trial.takeover !== 'under way')
    await wait('has the outcome of the takeover', async () => (await recorded(dispatchId)).attempts.length >= 2);
  // It wakes with its answer there, so that what it writes late is a success.
  trial.answers.zombie.resolve();
  await wait('is answered to the zombie', () => trial.requests[0]?.effect !== null);
  zombie.process.kill('SIGCONT');
  await wait('is given up by the zombie', () => wasRefused(zombie, dispatchId));
  trial.answers.follower.resolve();
  await wait('has succeeded', async () => (await recorded(dispatchId)).dispatch.status === 'succeeded');
  return faultsOf(await recorded(dispatchId), trial).map((fault) => `${subject} (${trial.takeover}) ${fault}`);
}

function faultsOf({ dispatch, attempts }: AccountLine, { takeover, requests }: Trial): readonly string[] {
  const [first] = attempts;
  const zombie = experiment.crew.all.find(({ name }) => name === requests[0]?.worker);
  const faults: string[] = [];
  if (first?.error?.code !== 'crashed' || first.holder !== zombie?.holder()) faults.push('does not begin with the crash of the zombie');
  if (new Set(attempts.map(({ fence }) => fence)).size !== attempts.length) faults.push('has two outcomes of one lease');
  if (attempts.filter(({ outcome }) => outcome === 'succeeded').length !== 1) faults.push('has not one success');
  if (dispatch.status !== 'succeeded' || attempts.at(-1)?.outcome !== 'succeeded') faults.push('did not end with the success');
  if (takeover === 'retrying' && !attempts.some(({ outcome }) => outcome === 'failed')) faults.push('lost the failure');
  if (takeover === 'retrying' && requests.length < 3) faults.push('lost the retry');
  if (new Set(requests.map(({ key }) => key)).size !== 1) faults.push('was repeated under another key');
  return faults;
}

it('a worker that is stopped past its lease writes nothing late, and undoes no retry of whoever took over', {
  timeout: patienceMs,
}, async () => {
  const random = chanceOf('zombie');
  const { crew, provider } = experiment;
  provider.decide = decide;
  for (const connector of connectors) for (let count = 0; count < 2; count += 1) crew.hire({ connectors: [connector] });
  await crew.ready();
  const ofPair = async (connector: string): Promise<readonly string[]> => {
    const faults: string[] = [];
    for (let number = 0; number < trials / pairs; number += 1) {
      const trial = {
        connector,
        subject: `${connector}-${number}`,
        takeover: random.pick(takeovers),
        requests: [],
        answers: { zombie: Promise.withResolvers<void>(), follower: Promise.withResolvers<void>() },
      };
      faults.push(...(await liveThrough(trial)));
    }
    return faults;
  };
  expect((await Promise.all(connectors.map(ofPair))).flat(), random.again).toEqual([]);
  await experiment.ended();
  expect([running.size, provider.effects.size, crew.deaths()]).toEqual([trials, trials, []]);
  expect([...provider.effects.values()].every((count) => count === 1)).toBe(true);
});
