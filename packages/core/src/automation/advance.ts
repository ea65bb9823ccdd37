import { toErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import type { CompiledAutomation } from './compile-automation.ts';
import { failRun } from './fail-run.ts';
import { findStep } from './flow/find-step.ts';
import type { Frame, Turn, Went } from './flow/turn.ts';
import { enterRow, resumeRow, type StepResult } from './flow/walk.ts';
import { orderingOf } from './ordering-of.ts';
import type { Advance } from './run-advance.ts';
import { isTooLarge, longestState } from './run-size.ts';
import type { Place, RunState, StopMark } from './run-state.ts';

/**
 * The first steps of a new run, up to what must be waited for. An ordering key or input that errs fails the run before anything is sent. What they
 * use is added to `use`.
 */
export function beginRun(automation: CompiledAutomation, event: HubEvent, state: RunState, use?: FuelUse): Advance {
  const { ordering, nodes } = automation;
  const enter = (begun: RunState): Advance =>
    change({ automation, event, state: begun, path: nodes[begun.at]?.id ?? '', use }, (turn, frame) =>
      enterRow(turn, nodes, { frame, prefix: '', first: begun.at }),
    );
  if (ordering === null) return enter(state);
  try {
    return enter({ ...state, ordering: orderingOf(ordering, event, use) });
  } catch (error) {
    const record = toErrorRecord(error);
    const fault = { ...record, message: `The ordering key cannot be worked out: ${record.message}` };
    return failRun({ automation, event, state, step: nodes[0]?.id ?? '', error: fault, use });
  }
}

/** What a run is advanced by. */
export interface AdvanceRequest {
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly state: RunState;
  /** Of the dispatch that has ended. */
  readonly path: string;
  readonly result: StepResult;
  /** When that dispatch began, milliseconds since 1970 on the store's clock: a wait that follows counts events from then on. @default when the run did */
  readonly since?: number | undefined;
  readonly use?: FuelUse | undefined;
}

/**
 * What follows from a dispatch's end: pure, so the same definition, state and result give the same answer. `null` for the result of a step that
 * is not under way: the run stays as it is.
 */
export function advance({ automation, event, state, path, result, since, use }: AdvanceRequest): Advance | null {
  const { nodes } = automation;
  if (findStep(nodes, state, path) === null) return null;
  const place: Place = { at: state.at, ...(state.on === undefined ? {} : { on: state.on }) };
  return change({ automation, event, state, path, since, use }, (turn, frame) =>
    resumeRow(turn, nodes, place, { frame, prefix: '', path, result }),
  );
}

interface Change {
  readonly automation: CompiledAutomation;
  readonly event: HubEvent;
  readonly state: RunState;
  /** Of what has ended, or begins. */
  readonly path: string;
  readonly since?: number | undefined;
  readonly use?: FuelUse | undefined;
}

type Walk = (turn: Turn, frame: Frame) => Went<Place>;

/** What would make the run too large to be kept does not happen: the run ends as soon as nothing of it is under way. */
function change(changed: Change, walk: Walk): Advance {
  const { state, path } = changed;
  const next = changeOnce(changed, walk);
  if (state.stop !== undefined || !isTooLarge(next.state)) return next;
  return changeOnce({ ...changed, state: { ...state, stop: { ...tooLarge, step: path } } }, walk);
}

const tooLarge: StopMark = {
  as: 'failed',
  code: 'fuel_exhausted',
  message: `The run would have to remember more than ${longestState / 1_048_576} MiB. Keep less in variables, outputs and lists, or have fewer items of a loop under way.`,
};

function changeOnce({ automation, event, state, since, use }: Change, walk: Walk): Advance {
  const turn: Turn = {
    event,
    since: since ?? null,
    intents: [],
    use: { steps: 0, bytes: 0 },
    made: { ...(state.made ?? { steps: 0, actions: 0 }) },
    stop: state.stop ?? null,
    taken: [...(state.taken ?? [])],
  };
  const frame: Frame = { outer: null, steps: { ...state.steps }, vars: { ...state.vars } };
  const went = walk(turn, frame);
  if (use !== undefined) {
    use.steps += turn.use.steps;
    use.bytes += turn.use.bytes;
  }
  return ended({ automation, event, use, went, turn, state: stateAfter({ automation, state, went, turn, frame }) });
}

/** Events that a run remembers to have waited for, the last ones. */
const mostTaken = 100;

interface Walked {
  readonly automation: CompiledAutomation;
  readonly state: RunState;
  readonly went: Went<Place>;
  readonly turn: Turn;
}

/** A run of actions alone keeps what it has always kept. */
function stateAfter({ automation, state, went, turn, frame }: Walked & { readonly frame: Frame }): RunState {
  const { on: _on, vars: _vars, made: _made, stop: _stop, taken: _taken, ...kept } = state;
  const isOver = went.is === 'ended' || went.is === 'stopped';
  return {
    ...kept,
    ...(isOver ? { at: automation.nodes.length } : went.at),
    steps: frame.steps,
    ...(Object.keys(frame.vars).length === 0 ? {} : { vars: frame.vars }),
    ...(automation.isPlain ? {} : { made: turn.made }),
    ...(turn.stop === null ? {} : { stop: turn.stop }),
    ...(turn.taken.length === 0 ? {} : { taken: turn.taken.slice(-mostTaken) }),
  };
}

function ended({
  automation,
  event,
  use,
  went,
  turn,
  state,
}: Walked & { readonly event: HubEvent; readonly use: FuelUse | undefined }): Advance {
  const { intents } = turn;
  switch (went.is) {
    case 'ended':
      return { state, status: 'succeeded', error: null, intents };
    case 'open':
      return { state, status: 'running', error: null, intents };
    case 'failed':
      return failRun({ automation, event, state, step: went.failure.step, error: went.failure.error, use });
    case 'stopped': {
      const { as = 'succeeded', message = '', code = 'stopped', step = 'flow.stop' } = turn.stop ?? {};
      if (as === 'succeeded') return { state, status: 'succeeded', error: null, intents };
      const error = { code, message: message === '' ? 'A step of the automation has stopped it as failed.' : message };
      return failRun({ automation, event, state, step, error, use });
    }
  }
}
