import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { z } from 'zod';
import type { Credential } from '../../connector/auth-method.ts';
import type { AnyDefinition } from '../../connector/connector-definition.ts';
import { defineConnector } from '../../connector/define-connector.ts';
import { connectionRecord } from '../../contracts/__fixtures__/connection-record.ts';
import type { ConnectionRecord } from '../../contracts/configuration-records.ts';
import type { IdempotencyKey } from '../../contracts/idempotency.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { selfSignedCertificate } from '../../net/__fixtures__/self-signed-certificate.ts';
import { createNetwork } from '../../net/create-network.ts';
import type { CallGuard } from '../call-guard.ts';
import type { SessionOptions } from '../gateway-options.ts';
import { openSession } from '../open-session.ts';

/** A request as the service got it. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** What the service answers. */
export interface GivenAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export const token = 'tok-1234567890abcdef';
const certificate = selfSignedCertificate({ names: ['localhost'], addresses: ['127.0.0.1'] });

/** A service on this machine and sessions of a connection to it, through a real network. */
export async function attackedService(protocol: 'HTTP/1.1' | 'HTTP/2' = 'HTTP/1.1') {
  const seen: SeenRequest[] = [];
  let answer: (request: SeenRequest) => GivenAnswer = () => ({ body: '{"ok":true}' });
  const sockets: Socket[] = [];
  const sessions: ServerHttp2Session[] = [];
  const server =
    protocol === 'HTTP/2' ? createSecureServer({ ...certificate }).on('session', (session) => void sessions.push(session)) : createServer();
  server.on('connection', (socket: Socket) => void sockets.push(socket.on('error', () => undefined)));
  const receive = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    incoming.on('error', () => undefined);
    for await (const piece of incoming) pieces.push(piece);
    const request = {
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      headers: { ...incoming.headers },
      body: Buffer.concat(pieces).toString('latin1'),
    };
    seen.push(request);
    const { status = 200, headers = {}, body = '' } = answer(request);
    outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
    outgoing.end(status === 304 || status === 204 || incoming.method === 'HEAD' ? undefined : body);
  };
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // A caller that breaks off is what some tests are about.
    receive(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `${protocol === 'HTTP/2' ? 'https' : 'http'}://127.0.0.1:${port}`;
  const clock = createManualClock();
  const network = createNetwork({ clock, loopbackOnly: true, extraAuthorities: [certificate.cert] });
  return {
    origin,
    seen,
    clock,
    sockets,
    answers(next: (request: SeenRequest) => GivenAnswer): void {
      answer = next;
    },
    open: (given: Parameters<typeof sessionOf>[1] = {}) => sessionOf({ network, clock, origin, http2: protocol === 'HTTP/2' }, given),
    async [Symbol.asyncDispose]() {
      await network.close();
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface SessionWorld {
  readonly network: ReturnType<typeof createNetwork>;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly origin: string;
  readonly http2: boolean;
}

interface GivenSession {
  readonly session?: Partial<SessionOptions>;
  readonly definition?: Partial<
    Pick<AnyDefinition, 'auth' | 'headers' | 'hosts' | 'allowedHosts' | 'origin' | 'mapError' | 'errorsInSuccess' | 'requestIdHeader'>
  >;
  readonly connection?: Partial<ConnectionRecord>;
  readonly credential?: Credential;
  readonly guards?: readonly CallGuard[];
  readonly maximumResponseBytes?: number;
}

const keyOf = (value: string): IdempotencyKey => ({ value, child: (name) => keyOf(`${value}/${name}`) });

function sessionOf({ network, clock, origin, http2 }: SessionWorld, given: GivenSession) {
  const { definition } = defineConnector({
    id: 'attacked',
    name: 'Attacked',
    description: 'Is attacked.',
    version: '1.0.0',
    category: 'custom',
    auth: [{ type: 'bearer' }, { type: 'api_key', in: 'header', name: 'X-Api-Key' }, { type: 'basic' }],
    origin,
    basePath: '/v1',
    http2,
    settings: z.looseObject({}),
    actions: {},
    triggers: {},
    healthCheck: async () => ({ healthy: true }),
    ...given.definition,
  });
  const record = connectionRecord({ connector: 'attacked', ...given.connection });
  const { guards = [], maximumResponseBytes = 1_048_576 } = given;
  const gateway = { network, clock, notify: () => undefined, maximumResponseBytes, signers: new Map(), guards, prepared: new WeakMap() };
  return openSession(gateway, {
    tenant: 'acme',
    connection: { id: 'c1', name: 'attacked/main', version: 1, updatedAt: 0, value: record },
    definition,
    credential: given.credential ?? { type: 'bearer', token },
    signal: new AbortController().signal,
    author: 'connector',
    deadline: () => clock.monotonic() + 60_000,
    key: keyOf('k'),
    ...given.session,
  });
}
