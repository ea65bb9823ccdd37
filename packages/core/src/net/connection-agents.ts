import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Agent, type buildConnector } from 'undici';
import { checkEgressTarget } from './check-egress-url.ts';
import { connectGuarded, type GuardedWorld } from './connect-guarded.ts';
import { createIdentityAgents } from './identity-agents.ts';
import type { ClientIdentity, NetworkRequest } from './network-request.ts';
import type { SessionMeter } from './session-meter.ts';
import type { WireMeter } from './wire-meter.ts';

/** How the connections of a network are kept. */
export interface PoolOptions {
  /** Connections open at once to one origin; more requests wait for a free one. @default 128 */
  readonly connections?: number | undefined;
  /** Milliseconds that an idle connection is kept when the service names no time. @default 4 000 */
  readonly keepAliveMs?: number | undefined;
  /** Milliseconds after which an open connection takes no further request, so that its name is looked up anew. @default 300 000 */
  readonly connectionLifetimeMs?: number | undefined;
  /** False: HTTP/2 is offered to nobody, whatever a request says. @default true */
  readonly http2?: boolean | undefined;
}

/** What {@link createAgents} is given. */
export interface AgentsInput {
  readonly pools: PoolOptions;
  readonly world: GuardedWorld;
  readonly meter: WireMeter;
  readonly sessions: SessionMeter;
  /** Ends every attempt to connect. */
  readonly closing: AbortSignal;
}

/** The pools of connections of one network. */
export interface ConnectionAgents {
  /** The pool that a request goes through. */
  of(request: Pick<NetworkRequest, 'identity' | 'http2'>): Agent;
  destroy(): Promise<void>;
}

/** Longest response headers that are read, in bytes. Node's own limit is half of it. */
const maxHeaderSize = 32_768;

interface Protocol {
  readonly identity?: ClientIdentity;
  readonly http2: boolean;
}

/**
 * Keeps one pool for HTTP/1.1, one where HTTP/2 is offered first, and one for each client certificate, over HTTP/1.1. Which of the two a connection of the
 * second speaks is the service's choice in the handshake.
 */
export function createAgents(input: AgentsInput): ConnectionAgents {
  const { pools } = input;
  const agentFor = (protocol: Protocol): Agent =>
    new Agent({
      connect: connectorFor(input, protocol),
      connections: pools.connections ?? 128,
      keepAliveTimeout: pools.keepAliveMs ?? 4_000,
      clientTtl: pools.connectionLifetimeMs ?? 300_000,
      maxHeaderSize,
      pipelining: 1,
      allowH2: protocol.http2,
    });
  const plain = agentFor({ http2: false });
  let modern: Agent | undefined;
  const identified = createIdentityAgents((identity) => agentFor({ identity, http2: false }));
  return {
    of({ identity, http2 }) {
      if (identity !== undefined) return identified.get(identity);
      if (http2 !== true || pools.http2 === false) return plain;
      modern ??= agentFor({ http2: true });
      return modern;
    },
    async destroy() {
      await Promise.all([plain.destroy(), modern?.destroy(), identified.destroy()]);
    },
  };
}

/** Undici asks for a connection here. The server name it derives from a Host header is ignored. */
function connectorFor({ world, meter, sessions, closing }: AgentsInput, { identity, http2 }: Protocol): buildConnector.connector {
  return ({ protocol, host, hostname, port }, callback) => {
    const secure = protocol === 'https:';
    const attempt = async (): Promise<Socket | TLSSocket> => {
      checkEgressTarget({ protocol, hostname, port }, world.policy);
      const tls = secure ? { tls: { protocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'], identity } } : {};
      const target = { host: hostname, port: Number(port === '' ? (secure ? 443 : 80) : port), signal: closing, ...tls };
      return await connectGuarded(target, world);
    };
    attempt().then(
      (socket) => {
        if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') sessions.watch(`${protocol}//${host ?? hostname}`, socket);
        else meter.watch(socket);
        callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}
