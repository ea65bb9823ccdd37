import type { Clock } from '../clock/clock.ts';
import type { WorkClaimer } from './claim-work.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { abortAll, within } from './stop-work.ts';

/** What a bounded turn needs. */
export interface TurnOptions {
  readonly clock: Clock;
  readonly look: WorkClaimer['look'];
  readonly watch: Pick<LeaseWatch, 'all'>;
  /** Milliseconds from now until the turn is over. */
  readonly deadlineMs: number;
  /** Milliseconds before the end from which nothing is begun. */
  readonly reserveMs: number;
  readonly isBusy: () => boolean;
  readonly nextChange: () => Promise<void>;
  /** Whether what is under way at the end goes on without us. */
  readonly goesOn: () => boolean;
  /** Whether this process stops: then the turn is over. */
  readonly stops: () => boolean;
}

/** Milliseconds before the end at which what is under way is taken back: code of others gets one second to notice. */
const noticeMs = 1_500;

/**
 * One bounded turn: looks for work while there is time for it, and ends when nothing was found and nothing is under way, or at the
 * deadline. Near it what is still under way is taken back, because the process may be frozen as soon as the turn is over.
 */
export async function takeTurn(options: TurnOptions): Promise<void> {
  const { clock, look, watch, deadlineMs, reserveMs, isBusy, nextChange, goesOn, stops } = options;
  const end = clock.monotonic() + deadlineMs;
  const left = (): number => end - clock.monotonic();
  const wrapUpMs = Math.min(noticeMs, reserveMs / 2);
  let takenBack = false;
  while (left() > 0 && !stops()) {
    let started = 0;
    if (left() > reserveMs) {
      const looked = look({ everywhere: true }).then((result) => {
        started = result.started;
      });
      await within(clock, left(), looked);
    }
    if (left() <= 0 || (started === 0 && !isBusy())) return;
    if (left() <= wrapUpMs && !takenBack && !goesOn()) {
      takenBack = true;
      abortAll(watch, 'The turn ended while this was under way.');
    }
    if (isBusy()) await within(clock, takenBack || goesOn() ? left() : left() - wrapUpMs, nextChange());
  }
}
