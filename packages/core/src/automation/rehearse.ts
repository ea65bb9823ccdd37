import type { ErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import { advance, beginRun } from './advance.ts';
import type { CompiledAutomation } from './compile-automation.ts';
import type { CompiledStep } from './compiled-node.ts';
import { findStep } from './flow/find-step.ts';
import { scopeOf } from './flow/turn.ts';
import type { ActionIntent, Advance, Intent, TimerIntent } from './run-advance.ts';
import { newRunState, type RunState } from './run-state.ts';

/** What a rehearsal takes in place of what services and time would give. Each by a step's path (`rows[0]/row`), or else by its id. */
export interface RehearsalInput {
  /** Outputs of actions and of other automations that are waited for. @default an example by the action's schema */
  readonly outputs?: Readonly<Record<string, Json>>;
  /** Data of the event that a wait takes. @default its time passes */
  readonly incoming?: Readonly<Record<string, Json>>;
}

/** One dispatch that a run would have had. */
export interface RehearsedStep {
  /** Place of the step instance. */
  readonly path: string;
  /** `desk.file_ticket`, or `flow.delay`, `flow.wait` and `flow.run`, which send nothing. */
  readonly action: string;
  /** As the definition names it. */
  readonly connection: string | null;
  /** Rendered. */
  readonly input: Json;
  /** What later steps have read as its output. */
  readonly output: Json;
  /** Nobody gave the output: it is an example, and what follows from it is a guess. */
  readonly assumed: boolean;
}

/** A run that did not happen. */
export interface RehearsedRun {
  /** `cut`: it has more steps than are walked. */
  readonly status: 'succeeded' | 'failed' | 'cut';
  /** Such as an expression that cannot be worked out. */
  readonly error: ErrorRecord | null;
  readonly steps: readonly RehearsedStep[];
  /** What the steps of the run gave, by id. */
  readonly outputs: Readonly<Record<string, Json>>;
  readonly vars: Readonly<Record<string, Json>>;
}

/** What is rehearsed. */
export interface Rehearsal {
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly given: RehearsalInput;
  /** Output of an action that nobody gave one for. */
  readonly example: (step: CompiledStep) => Json;
  readonly mostSteps: number;
  /** What its expressions use is added to it. */
  readonly use: FuelUse;
}

/**
 * Walks a run with nothing sent and no time passed: the very steps that the run would take, with the outputs that are given. Pure. Gives each
 * step as it is taken, so that who asks can stop or take a breath, and answers the whole.
 */
export function* rehearse(rehearsal: Rehearsal): Generator<RehearsedStep, RehearsedRun> {
  const { automation, event, mostSteps, use } = rehearsal;
  const steps: RehearsedStep[] = [];
  let now: Advance = beginRun(automation, event, newRunState(), use);
  const waiting: Intent[] = [...now.intents];
  for (let intent = waiting.shift(); intent !== undefined; intent = waiting.shift()) {
    if (steps.length === mostSteps) return ended(now, steps, true);
    const step = played(rehearsal, now.state, intent);
    steps.push(step);
    yield step;
    const result = { ended: 'succeeded', output: step.output } as const;
    const next = advance({ automation, event, state: now.state, path: intent.path, result, use });
    if (next === null) continue;
    now = next;
    waiting.push(...next.intents);
  }
  return ended(now, steps, false);
}

function ended({ state, status, error }: Advance, steps: readonly RehearsedStep[], isCut: boolean): RehearsedRun {
  const outputs = Object.fromEntries(Object.entries(state.steps).map(([id, { output }]) => [id, output]));
  return { status: isCut || status === 'running' ? 'cut' : status, error, steps, outputs, vars: state.vars ?? {} };
}

function played(rehearsal: Rehearsal, state: RunState, intent: Intent): RehearsedStep {
  const input = JSON.parse(intent.input) as Json;
  return 'timer' in intent ? passed(rehearsal, { state, intent, input }) : sent(rehearsal, intent, input);
}

function sent({ given, example }: Rehearsal, { path, step: compiled }: ActionIntent, input: Json): RehearsedStep {
  const { step } = compiled;
  const output = givenFor(given.outputs, { path, id: step.id });
  const common = { path, action: step.action, connection: step.connection ?? null, input };
  return output === undefined ? { ...common, output: example(compiled), assumed: true } : { ...common, output, assumed: false };
}

interface Passing {
  readonly state: RunState;
  readonly intent: TimerIntent;
  readonly input: Json;
}

/** A time, an event or another run that is not waited for. */
function passed({ automation, event, given }: Rehearsal, { state, intent: { path, timer }, input }: Passing): RehearsedStep {
  const common = { path, action: `flow.${timer.kind}`, connection: null, input };
  if (timer.kind === 'delay') return { ...common, output: null, assumed: false };
  const place = { path, id: timer.id };
  if (timer.kind === 'run') {
    const output = givenFor(given.outputs, place);
    const assumed = timer.wait ? { eventId: null, runId: null, status: 'succeeded', outputs: {} } : { eventId: null, runId: null };
    // Who gives the outputs of another automation says nothing of how it ended: it succeeded.
    if (isJsonObject(output)) return { ...common, output: { ...assumed, ...output }, assumed: false };
    return { ...common, output: output ?? assumed, assumed: output === undefined };
  }
  const data = givenFor(given.incoming, place);
  if (data === undefined) return { ...common, output: { timedOut: true, event: null }, assumed: true };
  const { subject: _subject, connection: _connection, mapped: _mapped, enrichment: _enrichment, ...rest } = event;
  const incoming = { ...rest, type: timer.event, data };
  const found = findStep(automation.nodes, state, path);
  const takes = timer.condition === null || (found !== null && timer.condition.test({ ...scopeOf({ event }, found.frame), incoming }));
  // An event is JSON, as it is stored.
  return { ...common, output: { timedOut: !takes, event: takes ? (incoming as unknown as Json) : null }, assumed: false };
}

function givenFor(given: Readonly<Record<string, Json>> | undefined, { path, id }: { readonly path: string; readonly id: string }) {
  for (const name of [path, id]) if (given !== undefined && Object.hasOwn(given, name)) return given[name];
  return undefined;
}
