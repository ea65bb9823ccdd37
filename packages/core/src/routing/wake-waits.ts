import { readWaitInput } from '../automation/timer-input.ts';
import type { Clock } from '../clock/clock.ts';
import type { DispatchKey, DispatchRecord, EventRecord, RunRecord } from '../contracts/dispatch-records.ts';
import type { HotStore } from '../contracts/hot-store.ts';
import type { Queue } from '../contracts/queue.ts';
import type { Storage } from '../contracts/storage.ts';
import { giveRunFinished } from '../events/give-run-finished.ts';
import type { Notify } from '../notices/notices.ts';
import { awaitedEvent, waitOutput } from './awaited-event.ts';
import { type AdvancerOptions, createAdvancer } from './create-advancer.ts';
import { firstAwaited } from './first-awaited.ts';
import { forgetWait, registeredWaits } from './wait-registrations.ts';

/** What waking needs. */
export interface WakeOptions extends AdvancerOptions {
  readonly storage: AdvancerOptions['storage'] & Pick<HotStore<unknown>, 'cancel'> & Pick<Storage<unknown>, 'states'>;
  readonly queue: Pick<Queue, 'wake'>;
  readonly notify: Notify;
  readonly clock: Pick<Clock, 'now'>;
}

/** Waits that are looked at side by side. */
const atOnce = 8;

/**
 * Ends every wait that takes this event: the run goes on in the same write, so a wait ends once, by one event or by its time. Answers whether some
 * are in another's hands at this moment, and are to be looked at again. What one of them throws keeps no other from its turn, and is thrown at the end.
 */
export async function wakeWaits(options: WakeOptions, event: EventRecord): Promise<{ readonly isBusy: boolean }> {
  let isBusy = false;
  let woken = 0;
  const failures: unknown[] = [];
  const look = async (key: DispatchKey): Promise<void> => {
    try {
      const verdict = await wake(options, key, event);
      if (verdict === 'busy') isBusy = true;
      if (verdict === 'woken') woken += 1;
    } catch (error) {
      failures.push(error);
    }
  };
  for await (const waits of registeredWaits(options.storage.states, event.tenant, event.type)) {
    for (let first = 0; first < waits.length; first += atOnce)
      await Promise.all(waits.slice(first, first + atOnce).map(({ key }) => look(key)));
  }
  // A lost wake-up costs a poll interval, so its failure is nobody's business.
  if (woken > 0) await options.queue.wake({}).catch(() => undefined);
  if (failures.length > 0) throw failures[0];
  return { isBusy };
}

async function wake(options: WakeOptions, key: DispatchKey, event: EventRecord): Promise<'woken' | 'busy' | 'left'> {
  const { history, states } = options.storage;
  const dispatch = await history.dispatch(key);
  const run = dispatch === null ? null : await runOf(options, key);
  if (dispatch === null || run === null || isOver(dispatch)) {
    await forgetWait(states, event.type, key);
    return 'left';
  }
  if (run.status === 'cancelled') return 'left';
  // Whoever has it may have looked for events before this one was there.
  if (dispatch.status !== 'pending') return 'busy';
  const takes = await awaitedEvent(options, dispatch, run);
  if (!takes?.(event)) return 'left';
  // Another may have come before it, which nobody has looked at yet.
  const { tenant, type, storedAt } = event;
  const since = readWaitInput(dispatch.input)?.since ?? run.startedAt;
  const first = await firstAwaited(options.storage.history, { tenant, type, takes, since, before: storedAt + 1 });
  return resume(options, { dispatch, run, event: first ?? event });
}

const isOver = ({ status }: DispatchRecord): boolean => status === 'succeeded' || status === 'dead' || status === 'cancelled';

function runOf({ storage }: WakeOptions, { tenant, root, target, replay }: DispatchKey): Promise<RunRecord | null> {
  return storage.history.run({ tenant, root, replay, automation: target.slice('automation:'.length) });
}

interface Resumed {
  readonly dispatch: DispatchRecord;
  readonly run: RunRecord;
  readonly event: EventRecord;
}

async function resume(options: WakeOptions, { dispatch, run, event }: Resumed): Promise<'woken' | 'busy' | 'left'> {
  const { key, round } = dispatch;
  const output = waitOutput(event);
  const change = await createAdvancer(options).advance(dispatch, run, { ended: 'succeeded', output });
  if (change === null) return 'left';
  const [verdict] = await options.storage.cancel([{ key, round, settlement: { to: 'succeeded', output }, run: change }]);
  if (verdict?.status !== 'done') return verdict?.status === 'missing' ? 'left' : 'busy';
  giveRunFinished(options, change);
  await forgetWait(options.storage.states, event.type, key);
  return 'woken';
}
