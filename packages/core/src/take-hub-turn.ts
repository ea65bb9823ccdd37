import type { Sealer } from './audit/create-sealer.ts';
import type { Clock } from './clock/clock.ts';
import { sleep } from './clock/sleep.ts';
import type { Storage } from './contracts/storage.ts';
import type { Dispatcher } from './dispatch/create-dispatcher.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { Router } from './routing/create-router.ts';
import type { StorageUpkeep } from './storage-upkeep.ts';
import type { TurnResult } from './turn-result.ts';
import type { DeliveryCounts } from './webhooks/inbound/count-deliveries.ts';

/** What a bounded turn of the hub needs. */
export interface HubTurnParts {
  readonly storage: Pick<Storage<unknown>, 'nextDue'>;
  readonly dispatcher: Pick<Dispatcher, 'work'>;
  readonly router: Pick<Router, 'work'>;
  readonly upkeep: Pick<StorageUpkeep, 'work'>;
  readonly sealer: Pick<Sealer, 'work'>;
  readonly counts: Pick<DeliveryCounts, 'flush'>;
  readonly clock: Clock;
  readonly handlers: () => Iterable<string>;
  /** Aborts when the hub stops: then a turn waits for no upkeep. */
  readonly closing: AbortSignal;
}

/** A quarter of a bounded turn, and at most this many milliseconds, is kept for what has been started. */
const longestReserve = 5_000;

/** Longest turn, milliseconds: the longest that a timer holds. */
const longestTurn = 2_147_483_647;

/** Routes and executes until neither finds anything, or until the deadline: what is executed may publish what is to be routed. */
export async function takeHubTurn(parts: HubTurnParts, deadlineMs: number): Promise<TurnResult> {
  if (typeof deadlineMs !== 'number' || !(deadlineMs >= 0 && deadlineMs <= longestTurn))
    throw new PatchbayError({ code: 'invalid_argument', message: 'The deadline of a turn is milliseconds from now, 0 to 2147483647.' });
  const { storage, dispatcher, router, upkeep, sealer, counts, clock, handlers } = parts;
  const end = clock.monotonic() + deadlineMs;
  const reserveMs = Math.min(longestReserve, deadlineMs / 4);
  let executed = 0;
  for (let found = true; found; ) {
    const routed = await router.work(() => end - clock.monotonic() > reserveMs);
    const done = await dispatcher.work({ deadlineMs: Math.max(0, end - clock.monotonic()), reserveMs });
    executed += done;
    found = routed + done > 0 && end - clock.monotonic() > reserveMs;
  }
  await counts.flush();
  const leftMs = end - clock.monotonic() - reserveMs;
  if (leftMs > 0) {
    const patience = new AbortController();
    const kept = Promise.all([upkeep.work(), sealer.work()]);
    await Promise.race([kept, sleep(clock, leftMs, AbortSignal.any([patience.signal, parts.closing]))]).finally(() => patience.abort());
  }
  return { executed, nextDueMs: await storage.nextDue({ handlers: [...handlers()] }) };
}
