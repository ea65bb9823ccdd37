import { isControlStep, type Step } from '../automation/automation-definition.ts';
import { decodeRunState, type Resumption, type RunState } from '../automation/run-state.ts';
import { walkSteps } from '../automation/walk-steps.ts';
import { formatRunId } from '../contracts/dispatch-id.ts';
import type { RunRecord } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/**
 * What a new run keeps of a run that has ended, where it begins at a step of the automation as it is now: the outputs of the steps before it, and
 * what they have set.
 */
export async function resumptionFrom({ cache, compiled, tenant }: TenantScope, record: RunRecord, from: string): Promise<Resumption> {
  if (record.status === 'running')
    throw new PatchbayError({
      code: 'conflict',
      message: 'The run is under way. Wait for its end, or cancel it first.',
      retryable: true,
    });
  const automation = compiled.of(await cache.read(tenant, { fresh: true })).automation(record.key.automation);
  if (!automation) throw notFound('automation');
  const { steps } = automation.definition;
  const at = steps.findIndex(({ id }) => id === from);
  if (at === -1)
    throw invalid(`The automation has no step ${String(from).slice(0, 64)} of its own; it has ${steps.map(({ id }) => id).join(', ')}.`);
  const state = decodeRunState(record.state);
  const before = steps.slice(0, at);
  const missing = before.find(({ id }) => !Object.hasOwn(state.steps, id));
  if (missing) throw invalid(`The step ${missing.id} comes before ${from} and has not ended in this run. Begin at it, or before.`);
  const kept = [...walkSteps(before)].map(({ id }) => id).filter((id) => Object.hasOwn(state.steps, id));
  const vars = variablesOf(before, state);
  return {
    at,
    steps: Object.fromEntries(kept.map((id) => [id, { output: state.steps[id]?.output ?? null }])),
    ...(Object.keys(vars).length === 0 ? {} : { vars }),
    rerunOf: { run: formatRunId(record.key), from },
  };
}

/** What the steps have set, in their order: what a flow.set gave is what it set. */
function variablesOf(steps: readonly Step[], state: RunState): Readonly<Record<string, Json>> {
  const sets = [...walkSteps(steps)].filter((step) => isControlStep(step) && step.action === 'flow.set');
  return Object.assign({}, ...sets.map(({ id }) => state.steps[id]?.output).filter((output) => isJsonObject(output)));
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
