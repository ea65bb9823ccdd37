import type { Clock, Timer } from '../clock/clock.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { bodyTooLarge } from './body-errors.ts';
import { LateBodyError } from './late-body-error.ts';

const mebibyte = 1_048_576;

/** Milliseconds in which a mebibyte has to come in; a sender that is slower than 105 kB a second is not one of the services. */
const perMebibyteMs = 10_000;

/** What one request takes of the room. */
export interface BodyPlace {
  /** Counts bytes that have come. Throws `body_too_large` beyond the limit of one body, and `overloaded` where there is no room at all. */
  take(bytes: number): void;
  /** Says that the body is waited for: `giveUp` is called where it is late or others need the room, at most once, and not after `complete`. */
  wait(giveUp: (reason: PatchbayError) => void): void;
  /** Nothing is waited for any more. What has come stays counted. */
  complete(): void;
  /** The request has been answered: its bytes count no longer. */
  leave(): void;
}

/** Room for the bodies of all requests. */
export interface BodyRoom {
  /** Largest body that is read, bytes. */
  readonly maximumBodyBytes: number;
  enter(): BodyPlace;
}

/** How much room there is. */
export interface BodyRoomOptions {
  readonly clock: Pick<Clock, 'setTimer'>;
  /** Largest body that is read, bytes. */
  readonly maximumBodyBytes: number;
  /** Bytes of all bodies together; at least those of one. Beyond them a process would pay with its memory for strangers. @default 67,108,864 */
  readonly roomBytes?: number;
}

/**
 * A room in which each body is given 10 seconds, and 10 more for each further MiB that a
 * body may have. Where it is full, the body that has been coming in longest is given up: a service sends at once, and whoever dawdles makes
 * way.
 */
export function createBodyRoom({ clock, maximumBodyBytes, roomBytes = 64 * mebibyte }: BodyRoomOptions): BodyRoom {
  const room = Math.max(roomBytes, maximumBodyBytes);
  const patienceMs = Math.ceil(maximumBodyBytes / mebibyte) * perMebibyteMs;
  /** What gives up each body that is coming in, the longest under way first. */
  const coming = new Set<(reason: PatchbayError) => void>();
  let held = 0;

  const makeRoom = (): void => {
    for (const giveUp of coming) {
      if (held <= room) return;
      giveUp(noRoom(room));
    }
  };

  const enter = (): BodyPlace => {
    let bytes = 0;
    let end = (): void => undefined;
    const leave = (): void => {
      end();
      held -= bytes;
      bytes = 0;
    };
    return {
      take(more) {
        if (bytes + more > maximumBodyBytes) throw bodyTooLarge(maximumBodyBytes);
        bytes += more;
        held += more;
        makeRoom();
        if (held <= room) return;
        leave();
        throw noRoom(room);
      },
      wait(giveUp) {
        const stop = (reason: PatchbayError): void => {
          leave();
          giveUp(reason);
        };
        const timer: Timer = clock.setTimer(() => stop(new LateBodyError(patienceMs)), patienceMs);
        coming.add(stop);
        end = () => {
          timer.cancel();
          coming.delete(stop);
        };
      },
      complete: () => end(),
      leave,
    };
  };

  return { maximumBodyBytes, enter };
}

function noRoom(room: number): PatchbayError {
  return new PatchbayError({
    code: 'overloaded',
    message: `The bodies of webhooks under way are more than ${room} bytes, so one of them was given up. Its sender tries again.`,
    retryable: true,
    retryAfterMs: 1_000,
  });
}
