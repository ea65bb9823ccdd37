import type { Socket } from 'node:net';
import type { Clock, Timer } from '../clock/clock.ts';
import { responseTooLarge } from './request-failure.ts';

/** Milliseconds between two looks at the sockets. */
const everyMs = 250;

/** Bytes that frames other than a body's may cost in that time: acknowledgements, windows, pings. Four MiB a second carry an upload of 100 MB/s and more. */
const forgiven = 1_048_576;

/** Bytes beyond these that nothing explains end the connections of the origin. */
const mostUnexplained = 1_048_576;

/** Bytes on the wire that a byte of a body may cost: frames of one byte cost ten. */
const wireBytesPerByte = 12;

/** Bytes that the head of one answer may cost. */
const bytesPerHead = 65_536;

interface Watched {
  readonly sockets: Map<Socket, number>;
  explained: number;
  unexplained: number;
}

/**
 * Counts what comes over the HTTP/2 connections of each origin against the answers in it. Node reads these sockets below JavaScript, where a service could
 * send settings, pings, priorities and empty frames for ever. They are looked at from time to time, and ended with `response_too_large`.
 */
export class SessionMeter {
  readonly #clock: Clock;
  readonly #origins = new Map<string, Watched>();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Watches one more connection until it is closed. */
  watch(origin: string, socket: Socket): void {
    const watched = this.#origins.get(origin) ?? { sockets: new Map(), explained: 0, unexplained: 0 };
    this.#origins.set(origin, watched);
    watched.sockets.set(socket, socket.bytesRead);
    socket.once('close', () => {
      watched.sockets.delete(socket);
      if (watched.sockets.size === 0) this.#origins.delete(origin);
      if (this.#origins.size === 0) this.#stop();
    });
    this.#timer ??= this.#clock.setTimer(this.#look, everyMs);
  }

  /** The head of an answer has come, or so many bytes of a body. False where the origin has no such connection. */
  explain(origin: string, bytes: number | 'head'): boolean {
    const watched = this.#origins.get(origin);
    if (watched) watched.explained += bytes === 'head' ? bytesPerHead : bytes * wireBytesPerByte;
    return watched !== undefined;
  }

  #look = (): void => {
    this.#timer = undefined;
    for (const watched of this.#origins.values()) {
      let read = 0;
      for (const [socket, before] of watched.sockets) {
        read += socket.bytesRead - before;
        watched.sockets.set(socket, socket.bytesRead);
      }
      watched.unexplained = Math.max(0, watched.unexplained + read - watched.explained - forgiven);
      watched.explained = 0;
      if (watched.unexplained <= mostUnexplained) continue;
      for (const socket of watched.sockets.keys()) socket.destroy(responseTooLarge({ status: undefined, what: 'framing' }));
    }
    if (this.#origins.size > 0) this.#timer = this.#clock.setTimer(this.#look, everyMs);
  };

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
