import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { TimerIntent } from '../automation/run-advance.ts';
import type { EventRecord, NewDispatch, Ordering, RunKey } from '../contracts/dispatch-records.ts';

/** Handler of delays and waits, and of the look for waits when an event has come. */
export const timerHandler = 'timer';

/** Handler of what starts another automation and waits for its end. */
export const runHandler = 'automation';

/** The dispatch of a step that waits. */
export function timerDispatch(
  { automation, run, ordering }: { readonly automation: CompiledAutomation; readonly run: RunKey; readonly ordering: Ordering | null },
  { path, timer, input, delayMs }: TimerIntent,
): NewDispatch {
  const target = `automation:${automation.id}`;
  return {
    key: { tenant: run.tenant, root: run.root, target, replay: run.replay, path },
    handler: timer.kind === 'run' ? runHandler : timerHandler,
    lane: target,
    workClass: run.replay > 0 ? 'replay' : 'live',
    operation: timer.kind,
    connection: null,
    input,
    version: automation.version,
    delayMs,
    mark: 'claim',
    onUnknown: 'retry',
    ordering,
  };
}

/** The dispatch that looks, once an event is committed, for runs that wait for it. */
export function wakeDispatch({ tenant, id: root }: Pick<EventRecord, 'tenant' | 'id'>): NewDispatch {
  return {
    key: { tenant, root, target: 'waits', replay: 0, path: 'wake' },
    handler: timerHandler,
    lane: 'waits',
    workClass: 'live',
    operation: 'wake',
    connection: null,
    input: null,
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}
