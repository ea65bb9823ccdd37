import type { Socket } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import { type AgentsOnDemand, createAgentsOnDemand } from './agents-on-demand.ts';
import { AnswerPieces, type NetworkStream } from './answer-pieces.ts';
import { checkEgressUrl } from './check-egress-url.ts';
import { checkHostName } from './check-host-name.ts';
import { connectGuarded, type GuardedTarget, type GuardedWorld } from './connect-guarded.ts';
import type { ConnectionAgents, PoolOptions } from './connection-agents.ts';
import { openTcpSocket } from './dial-addresses.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { EgressProxy } from './egress-proxy.ts';
import type { NetworkRequest, NetworkResponse } from './network-request.ts';
import { PendingRequest } from './pending-request.ts';
import { RequestDeadlines } from './request-deadlines.ts';
import { networkClosed, requestInvalid } from './request-failure.ts';
import { type Lookup, systemLookup } from './resolve-host.ts';
import { SessionMeter } from './session-meter.ts';
import { isUpload } from './upload-source.ts';
import { WireMeter } from './wire-meter.ts';

/** What {@link createNetwork} is given. The policy holds for everything the network opens. */
export interface NetworkOptions extends EgressPolicy, PoolOptions {
  readonly clock: Clock;
  /** Resolves names. Called once for each connection; its answers are checked, whoever gives them. @default the machine's resolver */
  readonly lookup?: Lookup;
  /** What every connection goes through. No environment variable stands in for it. @default none */
  readonly proxy?: EgressProxy | undefined;
  /** Milliseconds for resolving, connecting and the TLS handshake of one connection. @default 10 000 */
  readonly connectTimeoutMs?: number;
  /** PEM certificates of authorities that are trusted beside those Node trusts. @default [] */
  readonly extraAuthorities?: readonly string[];
}

/** The one way out of core. It keeps connections alive per origin and shares none with another network. */
export interface Network {
  /** Sends one request. Rejects with a PatchbayError whose `sent` tells whether the request may have reached the service. */
  request(request: NetworkRequest): Promise<NetworkResponse>;
  /** The same with an answer that is read as it comes. Rejects until its head has come; what ends it later fails its pieces. */
  stream(request: NetworkRequest): Promise<NetworkStream>;
  /** Throws `egress_refused` for a URL that no request of this network would go to, as far as that is known before its name is resolved. */
  check(url: string): void;
  /** Opens a guarded socket for a transport that is not HTTP. The caller ends it; `close` destroys it too. */
  connect(target: GuardedTarget): Promise<Socket>;
  /** Loads what requests need, so that the first does not wait for it; they load it themselves otherwise. */
  prepare(): Promise<void>;
  /** Ends every connection and every request, which rejects with `stopped`. Resolves when all sockets are closed. */
  close(): Promise<void>;
}

// Origins come from connectors and tenants: a bound keeps a flood of names from filling the memory.
const mostKnownOrigins = 10_000;

/** Makes a network. Nothing is opened until the first request. */
export function createNetwork(options: NetworkOptions): Network {
  const closing = new AbortController();
  const world = worldOf(options);
  const meter = new WireMeter();
  const sessions = new SessionMeter(options.clock);
  const shared = { deadlines: new RequestDeadlines(options.clock), meter, sessions };
  const agents = createAgentsOnDemand({ pools: options, world, meter, sessions, closing: closing.signal });
  const isKnown = originCheck(options);
  const sockets = new Set<Socket>();
  const refusalOf = (request: NetworkRequest): unknown => (closing.signal.aborted ? networkClosed('no') : faultOf(request, isKnown));
  return {
    request(request) {
      const fault = refusalOf(request);
      if (fault !== undefined) return Promise.reject(fault);
      const pending = new PendingRequest(request, shared);
      dispatch(agents, request, pending);
      return pending.answer;
    },
    stream(request) {
      const fault = refusalOf(request);
      if (fault !== undefined) return Promise.reject(fault);
      const pieces = new AnswerPieces();
      dispatch(agents, request, new PendingRequest(request, shared, pieces));
      return pieces.head;
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
    prepare: () => agents.make().then(() => undefined),
    async close() {
      closing.abort();
      for (const socket of sockets) socket.destroy();
      await agents.destroy();
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

function dispatch(agents: AgentsOnDemand, request: NetworkRequest, pending: PendingRequest): void {
  if (agents.made) send(agents.made, request, pending);
  else
    agents.make().then(
      (made) => send(made, request, pending),
      (error: Error) => pending.onResponseError(null, error),
    );
}

function send(agents: ConnectionAgents, request: NetworkRequest, pending: PendingRequest): void {
  if (pending.settled) return;
  const { origin, path, method, headers } = request;
  // Our deadlines replace undici's timers, which are coarse and cost two timers a request.
  const common = { origin, path, method, headersTimeout: 0, bodyTimeout: 0 };
  const agent = agents.of(request);
  if (isUpload(request.body)) {
    const { bytes } = request.body;
    const announced = bytes === undefined ? headers : [...headers, 'content-length', String(bytes)];
    agent.dispatch({ ...common, headers: announced, body: pending.upload ?? null }, pending);
  } else {
    agent.dispatch({ ...common, headers, body: request.body ?? null }, pending);
  }
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
