import { PatchbayError } from '@patchbay/core';
import type { Clock, Timer } from '@patchbay/core/adapter';
import type { Pool, PoolClient } from 'pg';
import { storageError } from '../storage-error.ts';

/** A client of the pool in the hands of one caller. */
export interface TakenClient {
  readonly client: PoolClient;
  /**
   * Waits for what was asked of the client. Where no answer comes in time the connection is closed, as nobody knows what it will say next,
   * and the call throws `storage_unavailable`: what was asked may have happened.
   */
  answer<Answer>(asked: Promise<Answer>): Promise<Answer>;
  /** Gives the client back; a broken one is closed. Callable again. */
  giveBack(isBroken: boolean): void;
}

/** A host's pool, with an end to every wait. */
export interface BoundedPool {
  /** Takes a client. Throws `storage_unavailable` where none is free in time. */
  take(): Promise<TakenClient>;
}

/** What a bounded pool needs. */
export interface BoundedPoolOptions {
  readonly pool: Pool;
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Milliseconds for a client, and for each answer; `null`: no end. */
  readonly answerMs: number | null;
}

const ignore = (): void => {};

const noAnswer = (what: string, ms: number): PatchbayError =>
  new PatchbayError({
    code: 'storage_unavailable',
    message: `${what} within ${ms} ms. Look at the network, the server's load and the size of the pool; the call may be repeated.`,
    retryable: true,
  });

/** Bounds the waits of a pool. Nothing is set on the pool itself. */
export function boundPool({ pool, clock, answerMs }: BoundedPoolOptions): BoundedPool {
  const limit = (run: (ms: number) => void): Timer | undefined =>
    answerMs === null ? undefined : clock.setTimer(() => run(answerMs), answerMs);

  const hold = (client: PoolClient): TakenClient => {
    let isBack = false;
    // Heard from the very start: a server that ends the session may say so in the packet that made the client free.
    client.on('error', ignore);
    const giveBack = (isBroken: boolean): void => {
      if (isBack) return;
      isBack = true;
      client.off('error', ignore);
      client.release(isBroken);
    };
    return {
      client,
      giveBack,
      answer(asked) {
        return new Promise((resolve, reject) => {
          const timer = limit((ms) => {
            giveBack(true);
            reject(noAnswer('PostgreSQL gave no answer', ms));
          });
          void asked.then(resolve, reject).finally(() => timer?.cancel());
        });
      },
    };
  };

  return {
    take: () =>
      new Promise((resolve, reject) => {
        let isLate = false;
        const timer = limit((ms) => {
          isLate = true;
          reject(noAnswer('The pool had no connection to PostgreSQL free', ms));
        });
        // By a callback: a promise would be told later than the client's first event.
        pool.connect((error, client) => {
          timer?.cancel();
          if (client === undefined) {
            reject(storageError(error));
            return;
          }
          const taken = hold(client);
          if (isLate) taken.giveBack(false);
          else resolve(taken);
        });
      }),
  };
}
