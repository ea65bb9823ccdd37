import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { CompiledStep } from '../automation/compiled-node.ts';
import { exampleOf } from '../automation/example-of.ts';
import { type RehearsalInput, type RehearsedRun, rehearse } from '../automation/rehearse.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { isBuiltInName } from '../connector/built-in-action.ts';
import { jsonSchemaOf } from '../connector/json-schema-of.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { type NewEvent, toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import type { FuelUse } from '../expression/frame.ts';
import { isUuid } from '../id/is-uuid.ts';
import type { Json } from '../json/json.ts';
import { findConnection } from '../routing/find-connection.ts';
import { isSpent, sliceEnd } from '../routing/planning-fuel.ts';
import { startsOn } from '../routing/starts-on.ts';
import type { ConditionReport } from '../rules/condition-report.ts';
import { reasonFor } from './automation-verdict.ts';
import { callFuel } from './call-fuel.ts';
import { type SampleEvent, sampleEvent } from './dry-run-sample.ts';
import { dryRunSubject } from './dry-run-subject.ts';
import { eventsForAutomations, typesOf } from './events-for-automation.ts';
import { notFound } from './not-found.ts';
import { closedWindow, type EventWindow, type ReadTally } from './recent-events.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which events are tried: one that is made up, a stored one, or those of a window. */
export type DryRunEvents = { readonly sample: SampleEvent } | { readonly eventId: string } | { readonly window: EventWindow };

/** What is tried, and what stands for the answers of services. */
export type DryRunRequest = DryRunEvents &
  RehearsalInput & {
    /** Of a stored automation. @default the current one */
    readonly version?: number;
    /** Most steps of one run that are walked, 1 to 1,000. @default 200 */
    readonly maxSteps?: number;
  };

/** What would have become of one event. */
export interface DryRunOfEvent {
  /** `null` for a sample. */
  readonly eventId: string | null;
  readonly type: string;
  /** A run would have begun. */
  readonly starts: boolean;
  /** One sentence. */
  readonly reason: string;
  /** The condition with each leaf's value and verdict; `null` where there is none. */
  readonly report: ConditionReport | null;
  /** `null` where none would have begun. */
  readonly run: RehearsedRun | null;
}

/** What would have happened. Nothing has. */
export interface DryRunReport {
  /** `null` for a definition that is not stored. */
  readonly automation: string | null;
  readonly version: number | null;
  /** Newest first. */
  readonly events: readonly DryRunOfEvent[];
  /** Events that were read for it. */
  readonly read: number;
  /** There is more that was not tried: the limit of events is reached, or what one call may work out. */
  readonly cut: boolean;
}

/** Tries an automation, with no effect at all: it reads, and works out. */
export async function dryRun(scope: TenantScope, what: unknown, request: DryRunRequest): Promise<DryRunReport> {
  const automation = await dryRunSubject(scope, what, request.version);
  const mostSteps = checkMost(request.maxSteps);
  const configuration = await scope.cache.read(scope.tenant, { fresh: true });
  const trial: Trial = { scope, configuration, automation, given: request, mostSteps, spent: { steps: 0, bytes: 0 } };
  const tally: ReadTally = { read: 0, cut: false };
  const events: DryRunOfEvent[] = [];
  let end = sliceEnd(trial.spent);
  for await (const record of asked(trial, request, tally)) {
    if (isSpent(trial.spent, callFuel)) {
      tally.cut = true;
      break;
    }
    if (isSpent(trial.spent, end)) {
      await new Promise<void>((resolve) => scope.clock.nextTurn(resolve));
      end = sliceEnd(trial.spent);
    }
    events.push({ eventId: 'sample' in request ? null : record.id, ...(await tried(trial, record)) });
  }
  const isStored = automation.version > 0;
  return { automation: isStored ? automation.id : null, version: isStored ? automation.version : null, events, ...tally };
}

interface Trial {
  readonly scope: TenantScope;
  readonly configuration: TenantConfiguration;
  readonly automation: CompiledAutomation;
  readonly given: RehearsalInput;
  readonly mostSteps: number;
  /** By all events so far. */
  readonly spent: FuelUse;
}

async function* asked({ scope, configuration, automation }: Trial, request: DryRunEvents, tally: ReadTally): AsyncGenerator<NewEvent> {
  if ('sample' in request) yield sampleEvent(scope, configuration, automation, request.sample);
  else if ('eventId' in request) {
    tally.read = 1;
    yield await storedEvent(scope, request.eventId);
  } else if ('window' in request) {
    yield* eventsForAutomations(scope, [automation], await closedWindow(scope, request.window), tally);
  } else throw new PatchbayError({ code: 'invalid_argument', message: 'A dry run needs events. Pass a sample, an eventId or a window.' });
}

async function storedEvent({ tenant, storage }: TenantScope, id: string): Promise<EventRecord> {
  const record = isUuid(id) ? await storage.history.event(tenant, id) : null;
  if (!record) throw notFound('event');
  return record;
}

async function tried(trial: Trial, record: NewEvent): Promise<Omit<DryRunOfEvent, 'eventId'>> {
  const { configuration, automation, spent } = trial;
  const event = toHubEvent(record, decodePayload(record.data));
  const types = typesOf(automation);
  const { type } = record;
  if (!types.includes(type))
    return { type, starts: false, reason: `It does not start on ${type}, but on ${types.join(', ')}.`, report: null, run: null };
  const starts = startsOn({ configuration, automation, event: record, hubEvent: event, use: spent });
  const { report, reason } = reasonFor({ configuration, automation, event, matched: starts });
  return { type, starts, reason, report, run: starts ? await walked(trial, event) : null };
}

/** Walks the run, with turns for others in between. */
async function walked(
  { scope, configuration, automation, given, mostSteps, spent }: Trial,
  event: ReturnType<typeof toHubEvent>,
): Promise<RehearsedRun> {
  const use: FuelUse = { steps: 0, bytes: 0 };
  const walk = rehearse({ automation, event, given, example: (step) => exampleFor(scope, configuration, step), mostSteps, use });
  let end = sliceEnd(use);
  for (;;) {
    const step = walk.next();
    if (step.done) {
      spent.steps += use.steps;
      spent.bytes += use.bytes;
      return step.value;
    }
    if (!isSpent(use, end)) continue;
    await new Promise<void>((resolve) => scope.clock.nextTurn(resolve));
    end = sliceEnd(use);
  }
}

/** An example of what an action gives, by its schema in the major of its connection; `null` where that cannot describe itself. */
function exampleFor({ registry }: TenantScope, configuration: TenantConfiguration, { connector, step }: CompiledStep): Json {
  const { action } = step;
  const pinned = findConnection(configuration, connector, step.connection ?? '')?.value;
  const resolved = () => (pinned ? registry.resolveFor(action, pinned) : registry.resolveAny(action));
  try {
    const { output } = isBuiltInName(action) ? registry.builtIn.get(action) : resolved().definition;
    return exampleOf(jsonSchemaOf(output, 'output', 'the output'));
  } catch (error) {
    if (isPatchbayError(error)) return null;
    throw error;
  }
}

function checkMost(most = 200): number {
  if (Number.isInteger(most) && most >= 1 && most <= 1_000) return most;
  throw new PatchbayError({ code: 'invalid_argument', message: 'The most steps of a dry run are a whole number from 1 to 1,000.' });
}
