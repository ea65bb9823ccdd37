import { isPatchbayError, PatchbayError } from '@patchbay/core';
import { tenant } from './figures.ts';
import type { Inhabitant, Town } from './town.ts';

/** What senders were told. */
export interface Acknowledged {
  /** Number of the order, event's id, and whether it was called new. */
  readonly events: { readonly number: number; readonly amount: number; readonly eventId: string; readonly status: string }[];
  /** Dispatches of direct calls, by their idempotency keys. */
  readonly calls: { readonly key: string; readonly dispatchId: string }[];
  /** Runs started by hand. */
  readonly runs: { readonly key: string; readonly runId: string }[];
  /** Senders and operators that have not ended. */
  busy: number;
}

/** Makes what senders were told, empty. */
export const nothingAcknowledged = (): Acknowledged => ({ events: [], calls: [], runs: [], busy: 0 });

/** A sender's patience with one request, milliseconds. It tries until it is acknowledged, as a provider does that knows its job. */
const patienceMs = 8_000;

/** Sends one order, possibly by several ways at once, each until it is acknowledged or its patience ends. */
export function sendOrder(town: Town, acknowledged: Acknowledged, number: number): void {
  const { random } = town.world;
  const amount = random.between(0, 100);
  for (let copies = random.pick([1, 1, 2, 3]); copies > 0; copies -= 1) {
    town.world.after(random.pick([0, 0, random.between(0, 10_000)]), () => {
      void keepTrying(town, acknowledged, async ({ hub }) => {
        const { eventId, status } = await hub
          .tenant(tenant)
          .events.publish('order.placed', { number, amount }, { dedupeKey: `order-${number}` });
        acknowledged.events.push({ number, amount, eventId, status });
        town.world.log(`order ${number} is acknowledged as ${status} ${eventId.slice(-6)}`);
      });
    });
  }
}

/** Asks for one action, or for a run by hand. */
export function sendCall(town: Town, acknowledged: Acknowledged, number: number): void {
  const { random } = town.world;
  const idempotencyKey = `call-${number}`;
  if (random.chance(0.4)) {
    void keepTrying(town, acknowledged, async ({ hub }) => {
      const { runId } = await hub.tenant(tenant).automations.run('by-hand', { number }, { idempotencyKey });
      if (runId === null) throw new Error('The automation has no condition, so every call starts a run.');
      acknowledged.runs.push({ key: idempotencyKey, runId });
      town.world.log(`run by hand ${number} is acknowledged`);
    });
    return;
  }
  const action = random.pick(['service.once', 'service.keyed', 'service.findable', 'service.put', 'service.risky'] as const);
  void keepTrying(town, acknowledged, async ({ hub }) => {
    const request = { connection: 'main', input: { ref: `r${number}` }, idempotencyKey };
    const { dispatchId } = await hub.tenant(tenant).actions.execute(action, request);
    acknowledged.calls.push({ key: idempotencyKey, dispatchId });
    town.world.log(`call ${number} of ${action} is acknowledged`);
  });
}

async function keepTrying(town: Town, acknowledged: Acknowledged, send: (to: Inhabitant) => Promise<void>): Promise<void> {
  const { world } = town;
  acknowledged.busy += 1;
  for (;;) {
    const serving = town.serving();
    const timedOut = world.pause(patienceMs).then(() => {
      throw new PatchbayError({ code: 'timeout', message: 'The sender hangs up.' });
    });
    try {
      if (serving.length === 0) await world.pause(500);
      else {
        await Promise.race([send(world.random.pick(serving)), timedOut]);
        break;
      }
    } catch (error) {
      world.log(`a sender fails: ${String(error)}`);
      if (!isForeseen(error)) world.blame(`a sender is told ${String(error)}`);
    } finally {
      timedOut.catch(() => undefined);
    }
    await world.pause(world.random.between(100, 3_000));
  }
  acknowledged.busy -= 1;
}

/** Every error that the hub gives is its own, or one that the store gave. */
function isForeseen(error: unknown): boolean {
  return isPatchbayError(error) || (error instanceof Error && error.message === 'read ECONNRESET');
}
