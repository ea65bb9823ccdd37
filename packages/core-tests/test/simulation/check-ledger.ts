import type { AttemptRecord, RunRecord } from '@patchbay/core/adapter';
import { figures } from './figures.ts';
import { type LedgerContents, type LedgerLine, nameOf } from './read-ledger.ts';
import type { Town } from './town.ts';

/** The ledger keeps its own promises: everything has ended or waits for a person, and history adds up. */
export function checkLedger(town: Town, ledger: LedgerContents): void {
  for (const line of ledger.lines) {
    checkEnd(town, line);
    checkNumbers(town, line);
    checkRounds(town, line);
    checkCrashes(town, line);
    checkWaiting(town, line);
  }
  for (const run of ledger.runs) checkRun(town, ledger, run);
}

function checkEnd({ world }: Town, { dispatch }: LedgerLine): void {
  if (dispatch.status === 'pending' || dispatch.status === 'leased')
    world.blame(`${nameOf(dispatch)} is stuck ${dispatch.status} (${dispatch.reason})`);
}

/** Attempts are numbered without gaps, each with one outcome. */
function checkNumbers({ world }: Town, { dispatch, attempts }: LedgerLine): void {
  attempts.forEach(({ number }, index) => {
    if (number !== index + 1) world.blame(`${nameOf(dispatch)} has attempt ${number} in place ${index + 1}`);
  });
  if (dispatch.lastAttempt !== attempts.length)
    world.blame(`${nameOf(dispatch)} counts ${dispatch.lastAttempt} attempts and has ${attempts.length}`);
  const fences = attempts.map(({ fence }) => fence);
  if (new Set(fences).size !== fences.length) world.blame(`${nameOf(dispatch)} has two outcomes of one lease`);
}

const isCrash = ({ error }: AttemptRecord): boolean => error?.code === 'crashed';

/** A round has at most one success and nothing follows it; the counts of the last round are those of its attempts. */
function checkRounds({ world, provider }: Town, { dispatch, key, attempts }: LedgerLine): void {
  for (const [round, tries] of Map.groupBy(attempts, (attempt) => attempt.round)) {
    const success = tries.findIndex(({ outcome }) => outcome === 'succeeded');
    if (success !== -1 && success !== tries.length - 1) world.blame(`${nameOf(dispatch)} went on after it had succeeded in round ${round}`);
    const asked = tries.filter(({ fence }) => provider.requests.some((request) => request.key === key && request.fence === fence));
    if (asked.length > figures.maximumAttempts) world.blame(`${nameOf(dispatch)} was tried ${asked.length} times in round ${round}`);
  }
  const last = attempts.filter(({ round }) => round === dispatch.round);
  if (last.length !== dispatch.attempts)
    world.blame(`${nameOf(dispatch)} counts ${dispatch.attempts} attempts of this round and has ${last.length}`);
  const crashes = last.filter(isCrash).length;
  if (crashes !== dispatch.crashes) world.blame(`${nameOf(dispatch)} counts ${dispatch.crashes} crashes and has ${crashes}`);
}

/** A crash is counted only where a process died, stalled, or could not reach the store to keep its leases. */
function checkCrashes({ world, everybody }: Town, { dispatch, attempts }: LedgerLine): void {
  for (const { holder, number } of attempts.filter(isCrash)) {
    const owner = everybody.find(({ process }) => process.holder === holder);
    if (owner && owner.process.excuses.size === 0)
      world.blame(`attempt ${number} of ${nameOf(dispatch)} is a crash of ${owner.process.name}, which is well`);
  }
}

/** Codes of outcomes that the hub itself decides on, without asking anybody. */
const decided: ReadonlySet<string> = new Set(['crashed', 'crash_limit', 'attempts_exhausted', 'outcome_unknown', 'cancelled']);

/** Codes of tries that ended before anything was asked because the store could not be read, or the process stalled past their time. */
const beforeAsking: ReadonlySet<string> = new Set(['storage_unavailable', 'internal', 'timeout', 'not_ready']);

/** What only waited has no attempt: every other outcome is that of a request. */
function checkWaiting({ world, provider, weather, everybody }: Town, { dispatch, key, attempts }: LedgerLine): void {
  const isStoreSound = weather.lostAnswer + weather.refusedCall + weather.verySlowCall === 0;
  for (const { number, fence, error, holder } of attempts) {
    if (error !== null && decided.has(error.code)) continue;
    const isWell = everybody.some(({ process }) => process.holder === holder && process.excuses.size === 0);
    if (error !== null && !(isStoreSound && isWell) && beforeAsking.has(error.code)) continue;
    if (provider.requests.some((request) => request.key === key && request.fence === fence)) continue;
    world.blame(`attempt ${number} of ${nameOf(dispatch)} counts although nothing was asked (${error?.code})`);
  }
}

/** A run goes on while something of it waits for a person, and only then; one that succeeded did all its steps. */
function checkRun({ world }: Town, { lines }: LedgerContents, run: RunRecord): void {
  const { key } = run;
  const own = lines.filter(
    ({ dispatch }) =>
      dispatch.key.root === key.root && dispatch.key.target === `automation:${key.automation}` && dispatch.key.replay === key.replay,
  );
  const name = `the run of ${run.automationName} for ${key.root.slice(-6)}#${key.replay}`;
  const has = (status: string): boolean => own.some(({ dispatch }) => dispatch.status === status);
  if (run.status === 'running' && !has('held')) world.blame(`${name} goes on although nothing of it is left to do`);
  if (run.status === 'succeeded' && own.some(({ dispatch }) => dispatch.status !== 'succeeded'))
    world.blame(`${name} succeeded without a step`);
  if (run.status === 'failed' && run.error === null) world.blame(`${name} failed without a reason`);
}
