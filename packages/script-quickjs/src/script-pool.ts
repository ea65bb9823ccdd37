import { PatchbayError } from '@patchbay/core';
import type { ScriptRun } from '@patchbay/core/host';
import { type ScriptThread, startThread } from './script-thread.ts';
import type { ScriptAnswer, ScriptJob, ScriptLimits, ThreadWord } from './worker-messages.ts';

/** How many run and wait, and for how long one may run. */
export interface PoolFigures {
  readonly limits: ScriptLimits;
  readonly workers: number;
  readonly maximumWaiting: number;
  readonly deadlineMs: number;
}

/** Milliseconds until a new thread has to be there. */
const startMs = 15_000;

/** Whose turn it is, and how its caller waits. */
interface Ticket {
  readonly job: ScriptJob;
  readonly clock: ScriptRun['clock'];
  readonly resolve: (answer: ScriptAnswer) => void;
}

/** A thread with what it is at. */
interface Place {
  readonly thread: ScriptThread;
  isReady: boolean;
  ticket: Ticket | undefined;
  timer: ReturnType<ScriptRun['clock']['setTimer']> | undefined;
}

const crashed: ScriptAnswer = { ok: false, fault: 'crashed', message: 'What runs scripts ended before the script did. It was replaced.' };
const late: ScriptAnswer = {
  ok: false,
  fault: 'deadline',
  message: 'The script took longer than it may and was ended. Do less, or in several steps.',
};

/** Threads that run scripts, as many as are needed and no more than they may be; each is replaced once it cannot be trusted any more. */
export class ScriptPool {
  readonly #figures: PoolFigures;
  readonly #places = new Set<Place>();
  readonly #waiting = new Set<Ticket>();

  constructor(figures: PoolFigures) {
    this.#figures = figures;
  }

  /** Waits for a thread and for its answer. Rejects with `overloaded` where too many wait, and with the signal's reason. */
  ask(
    job: ScriptJob,
    { clock, signal }: { readonly clock: ScriptRun['clock']; readonly signal?: AbortSignal | undefined },
  ): Promise<ScriptAnswer> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.#hasRoom())
      return Promise.reject(
        new PatchbayError({ code: 'overloaded', message: 'Too many scripts wait to run. Try again.', retryable: true, sent: 'no' }),
      );
    const { promise, resolve, reject } = Promise.withResolvers<ScriptAnswer>();
    const ticket: Ticket = { job, clock, resolve };
    const stop = (): void => {
      this.#waiting.delete(ticket);
      for (const place of this.#places) if (place.ticket === ticket) this.#leave(place);
      reject(signal?.reason);
      this.#serve();
    };
    signal?.addEventListener('abort', stop, { once: true });
    this.#waiting.add(ticket);
    this.#serve();
    return promise.finally(() => signal?.removeEventListener('abort', stop));
  }

  /** Ends every thread; what they were at is answered as crashed. */
  close(): void {
    for (const ticket of this.#waiting) ticket.resolve(crashed);
    this.#waiting.clear();
    for (const place of this.#places) this.#leave(place, crashed);
  }

  #hasRoom(): boolean {
    const { workers, maximumWaiting } = this.#figures;
    const isFree = this.#places.size < workers || [...this.#places].some(({ ticket }) => ticket === undefined);
    return isFree || this.#waiting.size < maximumWaiting;
  }

  #serve(): void {
    for (const ticket of this.#waiting) {
      const place = [...this.#places].find((each) => each.ticket === undefined) ?? this.#open();
      if (!place) return;
      this.#waiting.delete(ticket);
      place.ticket = ticket;
      place.thread.hold(true);
      if (place.isReady) this.#begin(place, ticket);
      else place.timer = ticket.clock.setTimer(() => this.#leave(place, crashed), startMs);
    }
  }

  #open(): Place | undefined {
    if (this.#places.size >= this.#figures.workers) return undefined;
    const thread = startThread(this.#figures.limits, {
      heard: (word) => this.#hear(place, word),
      gone: () => this.#leave(place, crashed),
    });
    const place: Place = { thread, isReady: false, ticket: undefined, timer: undefined };
    this.#places.add(place);
    return place;
  }

  #begin(place: Place, { job, clock }: Ticket): void {
    place.timer?.cancel();
    place.timer = clock.setTimer(() => this.#leave(place, late), this.#figures.deadlineMs);
    place.thread.ask(job);
  }

  #hear(place: Place, word: ThreadWord): void {
    const { ticket } = place;
    if (!this.#places.has(place)) return;
    if (word === 'ready') {
      place.isReady = true;
      if (ticket) this.#begin(place, ticket);
      return;
    }
    if (word.isSpent) {
      this.#leave(place, word.answer);
      return;
    }
    place.timer?.cancel();
    place.ticket = undefined;
    place.thread.hold(false);
    ticket?.resolve(word.answer);
    this.#serve();
  }

  /** Ends a thread at once, whatever it is at, and answers for it. */
  #leave(place: Place, answer?: ScriptAnswer): void {
    if (!this.#places.delete(place)) return;
    place.timer?.cancel();
    place.thread.end();
    if (answer) place.ticket?.resolve(answer);
    this.#serve();
  }
}
