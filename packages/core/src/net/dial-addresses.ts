import { connect, type Socket } from 'node:net';
import type { Clock, Timer } from '../clock/clock.ts';

/** Opens a TCP connection to one literal address. */
export type OpenSocket = (target: { readonly host: string; readonly port: number }) => Socket;

/** Opens sockets with Node's `net`. The host is always a literal, so Node never resolves a name of its own. */
export const openTcpSocket: OpenSocket = ({ host, port }) =>
  connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });

/** What {@link dialAddresses} is given. */
export interface DialInput {
  /** Literal addresses, already checked, in order of preference. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly onConnect: (socket: Socket) => void;
  /** Called once, with the last failure, when no address answers. */
  readonly onFailure: (error: Error) => void;
}

// RFC 8305, section 8: 250 ms before the next address is tried beside the ones that have not answered.
const headStartMs = 250;
const mostAddresses = 8;

/** Dials the addresses one after the other, each with a head start, and keeps the first that answers. The result stops all of it. */
export function dialAddresses(input: DialInput): () => void {
  const waiting = input.addresses.slice(0, mostAddresses);
  const open = new Set<Socket>();
  let headStart: Timer | undefined;
  const stop = (): void => {
    waiting.length = 0;
    headStart?.cancel();
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const dialNext = (): void => {
    headStart?.cancel();
    const host = waiting.shift();
    if (host === undefined) return;
    const socket = input.openSocket({ host, port: input.port });
    open.add(socket);
    socket.on('error', (error) => {
      if (!open.delete(socket)) return;
      if (waiting.length > 0) dialNext();
      else if (open.size === 0) input.onFailure(error);
    });
    socket.once('connect', () => {
      if (!open.delete(socket)) return;
      stop();
      input.onConnect(socket);
    });
    if (waiting.length > 0) headStart = input.clock.setTimer(dialNext, headStartMs);
  };
  dialNext();
  return stop;
}
