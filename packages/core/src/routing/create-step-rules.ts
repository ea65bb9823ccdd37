import type { ActionStep } from '../automation/automation-definition.ts';
import type { CompiledAutomation } from '../automation/compile-automation.ts';
import { parseDuration } from '../automation/duration.ts';
import type { RetryRule } from '../automation/flow-steps.ts';
import type { Clock } from '../clock/clock.ts';
import type { ClaimedDispatch, RunRecord } from '../contracts/dispatch-records.ts';
import type { StepRuleBook, StepRules } from '../contracts/step-rules.ts';
import type { Storage } from '../contracts/storage.ts';
import type { CompiledConfigurations } from './compiled-configurations.ts';
import { createStepPlaces, type StepPlaces } from './step-places.ts';
import { countAtRate } from './step-rate.ts';
import { runHandler, timerHandler } from './timer-dispatch.ts';
import { versionOf } from './version-of.ts';

/** What the rules of steps need. */
export interface StepRulesOptions {
  readonly storage: Pick<Storage<unknown>, 'configuration' | 'leases' | 'states'>;
  readonly compiled: CompiledConfigurations;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Unique to this process. */
  readonly holder: string;
}

/** Milliseconds beyond a try for which a place is leased: its outcome has yet to be seen here. */
const spareMs = 10_000;

/** Longest wait between tries where a step names the first one alone, milliseconds. */
const usualLongestMs = 300_000;

/** The rules that automations have for their actions. */
export function createStepRules(options: StepRulesOptions): StepRuleBook {
  const places = createStepPlaces({ leases: options.storage.leases, clock: options.clock });
  return {
    async of(dispatch) {
      const { run, handler } = dispatch;
      if (run === null || handler === timerHandler || handler === runHandler) return null;
      const automation = await automationOf(options, run);
      const step = stepOf(automation, dispatch.key.path);
      if (step === undefined) return null;
      const { concurrency: ofAll } = automation.definition;
      const { timeout, retry, concurrency, rate } = step;
      if ([timeout, retry, concurrency, rate, ofAll].every((rule) => rule === undefined)) return null;
      const timeoutMs = timeout === undefined ? null : parseDuration(timeout);
      return {
        ...(timeoutMs === null ? {} : { timeoutMs }),
        ...(retry === undefined ? {} : retrying(retry)),
        ...(concurrency === undefined && rate === undefined && ofAll === undefined
          ? {}
          : { enter: (forMs: number) => enter({ options, places, automation, step, dispatch, forMs }) }),
      };
    },
  };
}

function automationOf(
  { storage, compiled }: StepRulesOptions,
  { key, version, automationName: name }: RunRecord,
): Promise<CompiledAutomation> {
  return versionOf({ store: storage.configuration, compiled }, { tenant: key.tenant, automation: key.automation, version, name });
}

/** The action behind a path; ids are unique over the whole automation, and no id holds a slash. */
function stepOf({ steps }: CompiledAutomation, path: string): ActionStep | undefined {
  const id = path.slice(path.lastIndexOf('/') + 1);
  return steps.find(({ step }) => step.id === id)?.step;
}

function retrying({ attempts, wait, longest }: RetryRule): Pick<StepRules, 'maximumAttempts' | 'backoffMs'> {
  const firstMs = wait === undefined ? null : parseDuration(wait);
  if (firstMs === null) return { maximumAttempts: attempts };
  const longestMs = (longest === undefined ? null : parseDuration(longest)) ?? Math.max(usualLongestMs, firstMs);
  // Half of it is left to chance, so that many failures at once do not come back at once, and the wait that was asked for is known.
  const backoffMs = (tried: number, random: number): number =>
    Math.round(Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, tried - 1))) * (0.5 + random / 2));
  return { maximumAttempts: attempts, backoffMs };
}

interface Entering {
  readonly options: StepRulesOptions;
  readonly places: StepPlaces;
  readonly automation: CompiledAutomation;
  readonly step: ActionStep;
  readonly dispatch: ClaimedDispatch;
  readonly forMs: number;
}

/** First the places, then the rate: what found no place has used up nothing of it. */
async function enter({ options, places, automation, step, dispatch, forMs }: Entering): Promise<(() => void) | number> {
  const base = `automation:${automation.id}`;
  // An execution of its own, so that two in one process do not share a place.
  const holder = `${options.holder}:${dispatch.handle}:${dispatch.fence}`;
  const taken: (() => void)[] = [];
  const leave = (): void => {
    for (const release of taken) release();
  };
  try {
    for (const [name, most] of [
      [base, automation.definition.concurrency],
      [`${base}:${step.id}`, step.concurrency],
    ] as const) {
      if (most === undefined) continue;
      const place = await places.enter({ name, most, holder, forMs: forMs + spareMs });
      if (typeof place === 'number') {
        leave();
        return place;
      }
      taken.push(place);
    }
    const perMs = step.rate === undefined ? null : parseDuration(step.rate.per);
    if (step.rate === undefined || perMs === null) return leave;
    const { tenant } = dispatch.key;
    const rate = { tenant, name: `rate:${base}:${step.id}`, limit: step.rate.limit, perMs, now: dispatch.storeNow, by: holder };
    const waitMs = await countAtRate(options.storage.states, rate);
    if (waitMs === null) return leave;
    leave();
    return waitMs;
  } catch (error) {
    leave();
    throw error;
  }
}
