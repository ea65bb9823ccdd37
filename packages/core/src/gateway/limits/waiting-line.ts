import type { Clock } from '../../clock/clock.ts';
import type { PatchbayError } from '../../errors/patchbay-error.ts';
import { createPermitLine } from './permit-line.ts';
import { createTurns, type Place } from './turns.ts';

/** One that wants to wait. */
export interface Wish {
  readonly place: Place;
  readonly signal: AbortSignal;
  /** Milliseconds for which it waits at most. */
  readonly maximumWaitMs: number;
  /** What it is told where its turn does not come in time. */
  readonly refuse: () => PatchbayError;
}

/** Permits to go. */
export interface Permits {
  readonly count: number;
  /** Asked when the line turns to them: they may have come to nothing by then. */
  isGood(): boolean;
  /** Called for each that goes. */
  used(): void;
}

/** Permits that go through the line in one piece: each piece takes it some milliseconds, whatever it weighs. */
const largestPiece = 100;

interface Waiting {
  readonly since: number;
  settle(): void;
}

/** Requests that wait for a limit, in turns. Nobody comes here but who must wait: the line takes milliseconds for each piece of permits. */
export class WaitingLine {
  /** Called whenever nobody waits any more. */
  onEmpty: (() => void) | undefined;
  readonly #clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  readonly #turns = createTurns<Waiting>();
  readonly #line = createPermitLine();

  constructor(clock: Pick<Clock, 'monotonic' | 'setTimer'>) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#turns.size;
  }

  /** Monotonic time since which the first of them waits; `null`: nobody does. */
  get since(): number | null {
    let since: number | null = null;
    for (const waiting of this.#turns.values()) since = since === null ? waiting.since : Math.min(since, waiting.since);
    return since;
  }

  /** Resolves when its turn has come. Rejects with the signal's reason, or with its refusal when its time is over. */
  enter({ place, signal, maximumWaitMs, refuse }: Wish): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = (): void => {
        this.#turns.remove(place, waiting);
        timer.cancel();
        signal.removeEventListener('abort', stop);
        if (this.size === 0) this.onEmpty?.();
      };
      const stop = (): void => {
        leave();
        reject(signal.reason);
      };
      const settle = (): void => {
        leave();
        resolve();
      };
      const expire = (): void => {
        leave();
        reject(refuse());
      };
      const waiting: Waiting = { since: this.#clock.monotonic(), settle };
      const timer = this.#clock.setTimer(expire, maximumWaitMs);
      signal.addEventListener('abort', stop, { once: true });
      this.#turns.add(place, waiting);
    });
  }

  /** Lets so many go, as soon as the line turns to them. Answers how many went. */
  async release({ count, isGood, used }: Permits): Promise<number> {
    let gone = 0;
    for (let left = count; left > 0; left -= largestPiece) {
      const weight = Math.min(left, largestPiece);
      gone += await this.#line.pass(weight, async () => this.#letGo({ count: weight, isGood, used }));
    }
    return gone;
  }

  #letGo({ count, isGood, used }: Permits): number {
    let gone = 0;
    while (gone < count && isGood()) {
      const waiting = this.#turns.next();
      if (waiting === undefined) break;
      used();
      waiting.settle();
      gone += 1;
    }
    return gone;
  }
}
