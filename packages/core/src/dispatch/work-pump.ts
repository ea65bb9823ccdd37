import type { Clock, Timer } from '../clock/clock.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { Logger } from '../logger/logger.ts';
import type { LookResult } from './claim-work.ts';

/** Decides when this process looks for work. */
export interface WorkPump {
  /** Looks from now on. */
  start(): void;
  /** Looks no more; a look that is under way goes on. */
  stop(): void;
  /** Looks soon: now, after the look that is under way, or as soon as a slot is free. */
  look(): void;
  /** Looks in so many milliseconds at the latest. */
  lookIn(delayMs: number): void;
  /** Says that a slot may have become free. */
  slotFreed(): void;
}

/** What a pump needs. */
export interface WorkPumpOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between looks when nothing else says when to look. */
  readonly pollMs: number;
  readonly look: () => Promise<LookResult>;
  readonly hasRoom: () => boolean;
  /** Milliseconds until something is due; `null` when nothing waits. */
  readonly nextDue: () => Promise<number | null>;
}

/** Milliseconds between a look that found nothing and the next, although something is due. Doubled by each such look in a row. */
const shortestPauseMs = 20;

/** Makes a pump. It never rejects: a store that cannot be asked is asked again after a poll interval. */
export function createWorkPump(options: WorkPumpOptions): WorkPump {
  const { clock, logger, pollMs, hasRoom } = options;
  let active = false;
  let pumping = false;
  let wanted = false;
  let misses = 0;
  let timer: Timer | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  const lookIn = (delayMs: number): void => {
    const at = clock.monotonic() + delayMs;
    if (!active || timerAt <= at) return;
    timer?.cancel();
    timerAt = at;
    timer = clock.setTimer(() => {
      timer = undefined;
      timerAt = Number.POSITIVE_INFINITY;
      look();
    }, delayMs);
  };

  const pump = async (): Promise<void> => {
    let found = false;
    while (active && wanted && hasRoom()) {
      wanted = false;
      const { started, more } = await options.look();
      found ||= started > 0;
      wanted ||= more;
    }
    if (!active || wanted) return;
    misses = found ? 0 : misses + 1;
    const due = (await options.nextDue()) ?? pollMs;
    // What is due and was not handed out, such as a suspect behind another, must not make us ask without pause.
    const pause = found ? 0 : shortestPauseMs * 2 ** Math.min(misses - 1, 10);
    lookIn(Math.min(pollMs, Math.max(due, pause)));
  };

  const look = (): void => {
    wanted = true;
    if (!active || pumping) return;
    pumping = true;
    void pump()
      .catch((error: unknown) => {
        wanted = false;
        logger.warn('the store could not be asked for work', failureOf(error));
      })
      .then(() => {
        pumping = false;
        lookIn(pollMs);
        slotFreed();
      });
  };

  const slotFreed = (): void => {
    if (wanted && active && !pumping && hasRoom()) look();
  };

  return {
    start() {
      active = true;
      look();
    },
    stop() {
      active = false;
      timer?.cancel();
      timer = undefined;
      timerAt = Number.POSITIVE_INFINITY;
    },
    look,
    lookIn,
    slotFreed,
  };
}
