import { formatDispatchId, formatRunId } from '../../../core/src/contracts/dispatch-id.ts';
import { requestsOf } from './check-account.ts';
import type { EffectsProvider } from './effects-provider.ts';
import type { Life } from './live-a-life.ts';
import type { Account, AccountLine } from './read-account.ts';

/** Effects of one life: the replay has keys of its own, so what it repeats on purpose is there twice. */
const expectedEffects = { '1-first': 2, '1-second': 2, rejected: 1 };

/** Dispatches of one life: two steps and a subscriber, twice; three calls and a step by hand. */
const expectedDispatches = 9;

/** Holds a life against the promises. Answers what is broken. */
export function checkLife(life: Life, account: Account, provider: EffectsProvider): readonly string[] {
  const faults = account.lines.flatMap((line) => checkLine(line, life, provider));
  const effects = JSON.stringify(Object.fromEntries([...provider.effects].toSorted()));
  if (effects !== JSON.stringify(expectedEffects)) faults.push(`the effects are ${effects}`);
  const delivered = account.events.filter(({ type }) => type === 'effects.ordered').length;
  if (delivered !== 1) faults.push(`the delivery became ${delivered} events`);
  if (account.lines.length !== expectedDispatches) faults.push(`there are ${account.lines.length} dispatches`);
  if (life.calls.length < 2) faults.push(`the subscriber was called ${life.calls.length} times`);
  const runs = account.runs.map((run) => `${life.cancelled.includes(formatRunId(run.key)) ? 'unwanted' : 'wanted'} ${run.status}`);
  if (runs.toSorted().join() !== 'unwanted cancelled,wanted succeeded,wanted succeeded') faults.push(`the runs are ${runs.join()}`);
  return faults;
}

function checkLine({ dispatch, attempts, key }: AccountLine, { cancelled }: Life, provider: EffectsProvider): readonly string[] {
  const faults: string[] = [];
  const runIsUnwanted = dispatch.key.path === 'only';
  const expected = runIsUnwanted || cancelled.includes(formatDispatchId(dispatch.key)) ? 'cancelled' : 'succeeded';
  if (dispatch.status !== expected) faults.push(`is ${dispatch.status}, not ${expected}`);
  if (attempts.some(({ number }, index) => number !== index + 1)) faults.push('has attempts missing or twice');
  if (new Set(attempts.map(({ fence }) => fence)).size !== attempts.length) faults.push('has two outcomes of one lease');
  const successes = attempts.filter(({ outcome }) => outcome === 'succeeded').length;
  if (successes !== (expected === 'succeeded' ? 1 : 0)) faults.push(`has ${successes} successes`);
  if ((requestsOf(provider).get(key)?.length ?? 0) > attempts.length) faults.push('was requested without an attempt');
  const told = attempts.map(({ outcome, error }) => `${outcome} ${error?.code ?? ''}`).join();
  return faults.map((fault) => `${dispatch.key.target}/${dispatch.key.path}#${dispatch.key.replay} ${fault} (${told})`);
}
