import type { Socket } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import type { Clock } from '../clock/clock.ts';
import { checkEgressTarget, checkEgressUrl } from './check-egress-url.ts';
import { checkHostName } from './check-host-name.ts';
import { connectGuarded, type GuardedTarget, type GuardedWorld } from './connect-guarded.ts';
import { openTcpSocket } from './dial-addresses.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { createIdentityAgents } from './identity-agents.ts';
import type { ClientIdentity, NetworkRequest, NetworkResponse } from './network-request.ts';
import { PendingRequest, type PendingWorld } from './pending-request.ts';
import { RequestDeadlines } from './request-deadlines.ts';
import { networkClosed, requestInvalid } from './request-failure.ts';
import { type Lookup, systemLookup } from './resolve-host.ts';
import { WireMeter } from './wire-meter.ts';

/** What {@link createNetwork} is given. The policy holds for everything the network opens. */
export interface NetworkOptions extends EgressPolicy {
  readonly clock: Clock;
  /** Resolves names. Called once for each connection; its answers are checked, whoever gives them. @default the machine's resolver */
  readonly lookup?: Lookup;
  /** What every connection goes through. No environment variable stands in for it. @default none */
  readonly proxy?: EgressProxy | undefined;
  /** Milliseconds for resolving, connecting and the TLS handshake of one connection. @default 10 000 */
  readonly connectTimeoutMs?: number;
  /** Connections open at once to one origin; more requests wait for a free one. @default 128 */
  readonly connections?: number;
  /** Milliseconds that an idle connection is kept when the service names no time. @default 4 000 */
  readonly keepAliveMs?: number;
  /** Milliseconds after which an open connection takes no further request, so that its name is looked up anew. @default 300 000 */
  readonly connectionLifetimeMs?: number;
  /** PEM certificates of authorities that are trusted beside those Node trusts. @default [] */
  readonly extraAuthorities?: readonly string[];
}

/** The one way out of core. It keeps connections alive per origin and shares none with another network. */
export interface Network {
  /** Sends one request. Rejects with a PatchbayError whose `sent` tells whether the request may have reached the service. */
  request(request: NetworkRequest): Promise<NetworkResponse>;
  /** Throws `egress_refused` for a URL that no request of this network would go to, as far as that is known before its name is resolved. */
  check(url: string): void;
  /** Opens a guarded socket for a transport that is not HTTP. The caller ends it; `close` destroys it too. */
  connect(target: GuardedTarget): Promise<Socket>;
  /** Ends every connection and every request, which rejects with `stopped`. Resolves when all sockets are closed. */
  close(): Promise<void>;
}

/** Longest response headers that are read, in bytes. Node's own limit is half of it. */
const maxHeaderSize = 32_768;

// Origins come from connectors and tenants: a bound keeps a flood of names from filling the memory.
const mostKnownOrigins = 10_000;

/** Makes a network. Nothing is opened until the first request. */
export function createNetwork(options: NetworkOptions): Network {
  const closing = new AbortController();
  const world = worldOf(options);
  const shared = { deadlines: new RequestDeadlines(options.clock), meter: new WireMeter() };
  const agentFor = (identity?: ClientIdentity): Agent =>
    new Agent({
      connect: connectorFor({ world, meter: shared.meter, signal: closing.signal, identity }),
      connections: options.connections ?? 128,
      keepAliveTimeout: options.keepAliveMs ?? 4_000,
      clientTtl: options.connectionLifetimeMs ?? 300_000,
      maxHeaderSize,
      pipelining: 1,
      allowH2: false,
    });
  const agent = agentFor();
  const identified = createIdentityAgents(agentFor);
  const isKnown = originCheck(options);
  const sockets = new Set<Socket>();
  return {
    request(request) {
      if (closing.signal.aborted) return Promise.reject(networkClosed('no'));
      const fault = faultOf(request, isKnown);
      if (fault !== undefined) return Promise.reject(fault);
      return send({ agent: request.identity === undefined ? agent : identified.get(request.identity), request, shared });
    },
    check: (url) => void checkEgressUrl(url, options),
    async connect(target) {
      checkHostName(target.host, options);
      const signal = target.signal === undefined ? closing.signal : AbortSignal.any([target.signal, closing.signal]);
      const socket = await connectGuarded({ ...target, signal }, world);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
    async close() {
      closing.abort();
      for (const socket of sockets) socket.destroy();
      await Promise.all([agent.destroy(), identified.destroy()]);
    },
  };
}

const worldOf = (options: NetworkOptions): GuardedWorld => ({
  policy: options,
  lookup: options.lookup ?? systemLookup,
  clock: options.clock,
  openSocket: openTcpSocket,
  proxy: options.proxy,
  connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
  extraAuthorities: options.extraAuthorities ?? [],
});

interface SendInput {
  readonly agent: Agent;
  readonly request: NetworkRequest;
  readonly shared: PendingWorld;
}

function send({ agent, request, shared }: SendInput): Promise<NetworkResponse> {
  const pending = new PendingRequest(request, shared);
  if (!pending.settled) {
    const { origin, path, method, headers, body = null } = request;
    // Our deadlines replace undici's timers, which are coarse and cost two timers a request.
    agent.dispatch({ origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, pending);
  }
  return pending.answer;
}

interface ConnectorInput {
  readonly world: GuardedWorld;
  readonly meter: WireMeter;
  readonly signal: AbortSignal;
  readonly identity: ClientIdentity | undefined;
}

/** Undici asks for a connection here. The server name it derives from a Host header is ignored. */
function connectorFor({ world, meter, signal, identity }: ConnectorInput): buildConnector.connector {
  return ({ protocol, hostname, port }, callback) => {
    const secure = protocol === 'https:';
    const attempt = async (): Promise<Socket> => {
      checkEgressTarget({ protocol, hostname, port }, world.policy);
      const tls = secure ? { tls: { protocols: ['http/1.1'], identity } } : {};
      return await connectGuarded({ host: hostname, port: Number(port === '' ? (secure ? 443 : 80) : port), signal, ...tls }, world);
    };
    attempt().then(
      (socket) => {
        meter.watch(socket);
        callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

/** Checks each origin once: it must be exactly what `URL` calls an origin, and open by the policy. */
function originCheck(policy: EgressPolicy): (origin: string) => boolean {
  const known = new Set<string>();
  return (origin) => {
    if (known.has(origin)) return true;
    if (checkEgressUrl(origin, policy).origin !== origin) return false;
    if (known.size >= mostKnownOrigins) known.clear();
    known.add(origin);
    return true;
  };
}

function faultOf({ origin, path, headers, identity }: NetworkRequest, isKnown: (origin: string) => boolean): unknown {
  try {
    if (!isKnown(origin)) return requestInvalid('its origin holds more than scheme, host and port');
  } catch (refusal) {
    return refusal;
  }
  if (identity !== undefined && !origin.startsWith('https:')) return requestInvalid('it shows a certificate, which only https can');
  if (path.charCodeAt(0) !== 47) return requestInvalid('its path does not begin with a slash');
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') return requestInvalid('it names a host in its headers');
  }
  return undefined;
}
