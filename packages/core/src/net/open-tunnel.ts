import { isIPv6, type Socket } from 'node:net';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { connectionFailed } from './connection-failure.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { egressRefused } from './egress-refused.ts';

/** What {@link openTunnel} is given. */
export interface TunnelInput {
  /** Connected to the proxy, and used by nobody else. */
  readonly socket: Socket;
  readonly proxy: EgressProxy;
  /** Where the tunnel ends, as the caller asked for it, without brackets. */
  readonly target: { readonly host: string; readonly port: number };
}

/** Longest answer to a CONNECT that is read, bytes. */
const longestAnswer = 16_384;

/**
 * Asks a proxy for a tunnel (RFC 9110, section 9.3.6) and answers the socket, which then leads to the target. Nothing of the request has been
 * sent by then. Rejects with `egress_refused` where the proxy does not let it through, with `network` for any other answer than a 2xx.
 */
export async function openTunnel({ socket, proxy, target }: TunnelInput): Promise<Socket> {
  const authority = `${isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const given = proxy.credentials?.reveal('tell the egress proxy who asks');
  const credentials = given === undefined ? '' : `proxy-authorization: Basic ${Buffer.from(given).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`);
  const status = await readStatus(socket);
  if (status >= 200 && status < 300) return socket;
  if (status === 403 || status === 407) throw egressRefused('proxy');
  throw new PatchbayError({
    code: 'network',
    message: `The egress proxy made no connection (${status}), so nothing was sent. Check that the service is reachable from the proxy.`,
    retryable: true,
    sent: 'no',
    details: { reason: 'proxy', status },
  });
}

/** Reads the head of the answer and no byte behind it, which is the target's. */
function readStatus(socket: Socket): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let head = '';
  const read = (): void => {
    for (let bytes: Buffer | null = socket.read(); bytes !== null; bytes = socket.read()) {
      const before = head.length;
      head += bytes.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length <= longestAnswer) continue;
      leave();
      const status = /^HTTP\/1\.[01] ([2-5][0-9]{2})(?: |\r)/.exec(head)?.[1];
      if (end < 0 || status === undefined) reject(connectionFailed(undefined));
      else {
        const rest = bytes.subarray(end + 4 - before);
        if (rest.byteLength > 0) socket.unshift(rest);
        resolve(Number(status));
      }
      return;
    }
  };
  const fail = (): void => {
    leave();
    reject(connectionFailed(Object.assign(new Error('ended'), { code: 'ECONNRESET' })));
  };
  const leave = (): void => void socket.off('readable', read).off('end', fail).off('close', fail).off('error', fail);
  socket.on('readable', read).on('end', fail).on('close', fail).on('error', fail);
  return promise;
}
