import { setTimeout as pause } from 'node:timers/promises';
import { openChildPort } from '../child-port.ts';
import { type LatencyOrder, type LatencySettings, latencyOrder, latencySettings, type Start, type Trigger } from './messages.ts';

/**
 * A contestant of `trigger-latency`: opens its part of the work and answers how it triggers one effect, by a promise that is fulfilled after
 * the commit. It calls `effect` first thing in each effect, with the number that triggered it.
 */
export type OpenLatencySubject = (
  settings: LatencySettings,
  effect: (number: number) => void,
) => Promise<{ readonly trigger: (number: number) => Promise<unknown> }>;

/** How long is waited for effects that are missing. */
const patienceMs = 5_000;

/** How long is waited for effects that are too many. */
const afterwardsMs = 500;

/** Milliseconds of the machine's monotonic clock: one zero for all processes, and nobody sets it. */
const clockNow = (): number => Number(process.hrtime.bigint()) / 1_000_000;

type TriggerOrder = Extract<LatencyOrder, { type: 'trigger' }>;

/** Triggers at a pace that waits for nobody. */
async function triggerAll(trigger: (number: number) => Promise<unknown>, order: TriggerOrder): Promise<readonly Trigger[]> {
  const { first, count, perSecond } = order;
  const begun = clockNow();
  const triggers: Promise<Trigger>[] = [];
  for (let place = 0; place < count; place += 1) {
    await pause(Math.max(0, begun + (place * 1_000) / perSecond - clockNow()));
    const asked = clockNow();
    triggers.push(trigger(first + place).then(() => ({ number: first + place, asked, committed: clockNow() })));
  }
  return Promise.all(triggers);
}

async function untilStarted(starts: readonly Start[], count: number): Promise<void> {
  const latest = clockNow() + patienceMs;
  while (starts.length < count && clockNow() < latest) await pause(20);
  await pause(afterwardsMs);
}

/** The frame of every contestant's process. */
export async function runLatencySubject(open: OpenLatencySubject): Promise<void> {
  const port = openChildPort();
  const starts: Start[] = [];
  const { trigger } = await open(latencySettings.parse(port.argument), (number) => {
    starts.push({ number, at: clockNow() });
  });
  const obey = async (order: LatencyOrder): Promise<void> => {
    if (order.type === 'trigger') port.tell({ type: 'triggered', triggers: await triggerAll(trigger, order) });
    else {
      await untilStarted(starts, order.count);
      port.tell({ type: 'started', starts });
    }
  };
  // What fails here is an unhandled rejection on purpose: it ends this process, and the benchmark with it.
  port.onMessage((message) => void obey(latencyOrder.parse(message)));
  port.tell({ type: 'ready' });
}
