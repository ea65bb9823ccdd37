import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closedPort, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock, type ManualClock } from './__fixtures__/manual-clock.ts';
import { selfSignedCertificate } from './__fixtures__/self-signed-certificate.ts';
import { connectGuarded, type GuardedWorld } from './connect-guarded.ts';
import { openTcpSocket } from './dial-addresses.ts';
import type { Lookup } from './resolve-host.ts';

/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };

const publicAddress = '93.184.216.34';
const tls = { protocols: ['http/1.1'] };

function world(changes: Partial<GuardedWorld> = {}): GuardedWorld & { clock: ManualClock } {
  const clock = createManualClock();
  return {
    policy: { dangerouslyAllowPrivateNetworks: true },
    lookup: async () => [{ address: '127.0.0.1' }],
    openSocket: openTcpSocket,
    connectTimeoutMs: 10_000,
    extraAuthorities: [],
    ...changes,
    clock,
  };
}

async function startTlsService(names: readonly string[], addresses: readonly string[] = []) {
  const { key, cert } = selfSignedCertificate({ names, addresses });
  const seen: unknown[] = [];
  const server = createTlsServer({ key, cert, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    seen.push(socket.servername, socket.alpnProtocol);
    socket.on('error', () => {});
    socket.end('hello');
  });
  server.on('tlsClientError', () => {});
  const service = await startTcpService((socket) => server.emit('connection', socket));
  return Object.assign(service, { cert, seen });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('connectGuarded', () => {
  it('opens a plain socket to a name that it resolves once', async () => {
    await using service = await startTcpService((socket) => socket.end('hello'));
    const lookup = vi.fn<Lookup>(async () => [{ address: '127.0.0.1' }]);
    const shared = world({ lookup });
    const socket = await connectGuarded({ host: 'db.corp', port: service.port }, shared);
    const [greeting] = await once(socket, 'data');
    expect(String(greeting)).toBe('hello');
    expect([lookup.mock.calls, shared.clock.pending]).toEqual([[['db.corp']], 0]);
    socket.destroy();
  });

  it('opens no socket for a forbidden host, literal or resolved', async () => {
    const connecting = vi.spyOn(Socket.prototype, 'connect');
    const answers: Record<string, string[]> = {
      'mixed.vendor.com': [publicAddress, '127.0.0.1'],
      'nat64.vendor.com': ['64:ff9b::a9fe:a9fe'],
    };
    const strict = world({ policy: {}, lookup: async (name) => (answers[name] ?? []).map((address) => ({ address })) });
    for (const host of ['127.0.0.1', '::1', '[::1]', 'localhost', 'mixed.vendor.com', 'nat64.vendor.com']) {
      await expect(connectGuarded({ host, port: 443, tls }, strict)).rejects.toMatchObject({ code: 'egress_refused', sent: 'no' });
    }
    expect(connecting).not.toHaveBeenCalled();
  });

  it('dials only literals, so that nothing below it resolves the name again', async () => {
    await using service = await startTcpService(() => {});
    const connecting = vi.spyOn(Socket.prototype, 'connect');
    (await connectGuarded({ host: 'api.vendor.com', port: service.port }, world())).destroy();
    expect(connecting.mock.calls.flat(2).filter((argument) => argument !== null && typeof argument === 'object')).toMatchObject([
      { host: '127.0.0.1', port: service.port },
    ]);
  });

  it('ends a connection whose other end is not the checked address, before a byte is written', async () => {
    const received: Buffer[] = [];
    await using service = await startTcpService((socket) => socket.on('data', (bytes: Buffer) => received.push(bytes)));
    const opened: Socket[] = [];
    const redirecting = world({
      policy: {},
      lookup: async () => [{ address: publicAddress }],
      openSocket: ({ port }) => {
        const socket = connect({ host: '127.0.0.1', port });
        opened.push(socket);
        return socket;
      },
    });
    await expect(connectGuarded({ host: 'api.vendor.com', port: service.port, tls }, redirecting)).rejects.toMatchObject({
      code: 'egress_refused',
      details: { reason: 'peer' },
    });
    expect(opened.map(({ destroyed, bytesWritten }) => [destroyed, bytesWritten])).toEqual([[true, 0]]);
    expect(received).toEqual([]);
  });

  it('verifies TLS for the name that was asked for and offers only the protocols given', async () => {
    await using service = await startTlsService(['api.vendor.com']);
    const trusting = world({ extraAuthorities: [service.cert] });
    const socket = await connectGuarded({ host: 'api.vendor.com', port: service.port, tls }, trusting);
    expect(socket).toBeInstanceOf(TLSSocket);
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
    expect(service.seen).toEqual(['api.vendor.com', 'http/1.1']);
    socket.destroy();
  });

  it('verifies TLS although an environment variable of Node turns that off', async () => {
    await using service = await startTlsService(['api.vendor.com']);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      const attempt = connectGuarded({ host: 'api.vendor.com', port: service.port, tls }, world());
      await expect(attempt).rejects.toMatchObject({ code: 'network', sent: 'no' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('verifies TLS for a literal address without a server name', async () => {
    await using service = await startTlsService(['api.vendor.com'], ['127.0.0.1']);
    const socket = await connectGuarded(
      { host: '127.0.0.1', port: service.port, tls: { protocols: [] } },
      world({ extraAuthorities: [service.cert] }),
    );
    await once(socket, 'data');
    expect(service.seen).toEqual([false, false]);
    socket.destroy();
  });

  it.each([
    ['another name', 'other.vendor.com', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an authority nobody trusts', 'api.vendor.com', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('refuses a certificate of %s', async (_case, host, trusted, reason) => {
    await using service = await startTlsService(['api.vendor.com']);
    const attempt = connectGuarded({ host, port: service.port, tls }, world({ extraAuthorities: trusted ? [service.cert] : [] }));
    await expect(attempt).rejects.toMatchObject({ code: 'network', retryable: false, sent: 'no', details: { reason } });
  });

  it('reports a refused connection as retryable, with nothing sent', async () => {
    await expect(connectGuarded({ host: '127.0.0.1', port: await closedPort() }, world())).rejects.toMatchObject({
      code: 'network',
      retryable: true,
      sent: 'no',
      details: { reason: 'ECONNREFUSED' },
    });
  });

  it('gives up when the resolver does not answer in time, and ignores the late answer', async () => {
    const connecting = vi.spyOn(Socket.prototype, 'connect');
    const { promise: answer, resolve: answerLate } = Promise.withResolvers<{ address: string }[]>();
    const slow = world({ lookup: () => answer, connectTimeoutMs: 5_000 });
    const attempt = connectGuarded({ host: 'slow.vendor.com', port: 443 }, slow);
    slow.clock.advance(5_000);
    await expect(attempt).rejects.toMatchObject({
      code: 'timeout',
      retryable: true,
      sent: 'no',
      details: { phase: 'connect', afterMs: 5_000 },
    });
    answerLate([{ address: '127.0.0.1' }]);
    await answer;
    expect(connecting).not.toHaveBeenCalled();
  });

  it('gives up on a TLS handshake that never ends, and closes its socket', async () => {
    await using service = await startTcpService((socket) => socket.resume());
    const slow = world();
    const attempt = connectGuarded({ host: 'api.vendor.com', port: service.port, tls }, slow);
    await vi.waitFor(() => expect(service.sockets).toHaveLength(1), patience);
    const closed = once(service.sockets[0] ?? new Socket(), 'close');
    slow.clock.advance(10_000);
    await expect(attempt).rejects.toMatchObject({ code: 'timeout', sent: 'no' });
    await closed;
  });

  it('stops for its signal, before it starts and while it connects', async () => {
    await expect(connectGuarded({ host: '127.0.0.1', port: 9, signal: AbortSignal.abort() }, world())).rejects.toMatchObject({
      code: 'aborted',
      sent: 'no',
    });
    const caller = new AbortController();
    const opened: Socket[] = [];
    const silent = world({ openSocket: () => opened[opened.push(new Socket()) - 1] ?? new Socket() });
    const attempt = connectGuarded({ host: '127.0.0.1', port: 9, signal: caller.signal }, silent);
    await vi.waitFor(() => expect(opened).toHaveLength(1), patience);
    caller.abort();
    await expect(attempt).rejects.toMatchObject({ code: 'aborted', sent: 'no' });
    expect([opened[0]?.destroyed, silent.clock.pending]).toEqual([true, 0]);
  });

  it('leaves a socket alone once it has been handed over', async () => {
    await using service = await startTcpService(() => {});
    const caller = new AbortController();
    const shared = world();
    const socket = await connectGuarded({ host: '127.0.0.1', port: service.port, signal: caller.signal }, shared);
    caller.abort();
    shared.clock.advance(60_000);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});
