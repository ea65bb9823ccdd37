import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import { isPatchbayError, PatchbayError } from '../errors/patchbay-error.ts';
import { type CallEnding, type CallGuard, type GuardedCall, nothingSent } from './call-guard.ts';

/** The guards that have let a request in, in their order. */
export class PassedGuards {
  readonly #guards: readonly CallGuard[];
  readonly #call: GuardedCall;
  readonly #clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  #passed = 0;
  #refusal: unknown;

  constructor(guards: readonly CallGuard[], call: GuardedCall, clock: Pick<Clock, 'monotonic' | 'setTimer'>) {
    this.#guards = guards;
    this.#call = call;
    this.#clock = clock;
  }

  /**
   * `undefined` where all of them let it in at once. Throws or rejects with what one of them refuses it with, and when its time is over or it is taken
   * back while one holds it; nothing has been sent then.
   */
  enter(): Promise<void> | undefined {
    while (this.#passed < this.#guards.length) {
      const guard = this.#guards[this.#passed];
      const waiting = guard && this.#ask(guard);
      if (guard !== undefined && waiting !== undefined) return this.#enterAfter(guard, waiting);
      this.#passed += 1;
    }
    return undefined;
  }

  /** What it was held back with. */
  get refusal(): unknown {
    return this.#refusal;
  }

  /** Tells each that let it in how it has ended. */
  leave(ending: CallEnding): void {
    while (this.#passed > 0) {
      this.#passed -= 1;
      this.#guards[this.#passed]?.ended(this.#call, ending);
    }
  }

  #ask(guard: CallGuard): Promise<void> | undefined {
    try {
      return guard.admit(this.#call);
    } catch (error) {
      this.#refusal = error;
      throw error;
    }
  }

  async #enterAfter(guard: CallGuard, waiting: Promise<void>): Promise<void> {
    try {
      await this.#withinTime(guard, waiting);
    } catch (error) {
      this.#refusal = error;
      throw error;
    }
    this.#passed += 1;
    await this.enter();
  }

  /** A guard that lets it in when nobody waits any more is told at once that nothing was sent. */
  async #withinTime(guard: CallGuard, waiting: Promise<void>): Promise<void> {
    const { signal, endsAt } = this.#call;
    const settled = new AbortController();
    const over = sleep(this.#clock, Math.max(0, endsAt - this.#clock.monotonic()), AbortSignal.any([signal, settled.signal]));
    try {
      const isIn = await Promise.race([waiting.then(() => true), over.then(() => false)]);
      if (isIn) return;
      waiting.then(
        () => guard.ended(this.#call, nothingSent),
        () => undefined,
      );
      throw heldTooLong(this.#call);
    } finally {
      settled.abort();
    }
  }
}

function heldTooLong({ signal, origin }: GuardedCall): PatchbayError {
  const reason: unknown = signal.reason;
  const taken = isPatchbayError(reason) && reason.code === 'lease_lost' ? 'lease_lost' : 'aborted';
  return new PatchbayError({
    code: signal.aborted ? taken : 'timeout',
    message: `A request to ${origin} was held back until its time was over, so it was not sent. Give it more time, or try again later.`,
    retryable: true,
    sent: 'no',
  });
}
