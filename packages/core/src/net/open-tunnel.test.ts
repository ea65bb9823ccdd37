import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSecret } from '../secret/create-secret.ts';
import { startConnectProxy } from './__fixtures__/connect-proxy.ts';
import { closedPort, startHttpService, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { selfSignedCertificate } from './__fixtures__/self-signed-certificate.ts';
import ssrfUrls from './__fixtures__/ssrf-urls.json' with { type: 'json' };
import { connectGuarded } from './connect-guarded.ts';
import { createNetwork, type Network, type NetworkOptions } from './create-network.ts';
import { openTcpSocket } from './dial-addresses.ts';

const patience = { timeout: 20_000 };
const plain = { path: '/', method: 'GET', headers: [], maxResponseBytes: 1_000 };
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const opened: Network[] = [];
function openNetwork(port: number, options: Partial<NetworkOptions> = {}): Network {
  const network = createNetwork({ clock: createManualClock(), proxy: { host: '127.0.0.1', port }, ...options });
  opened.push(network);
  return network;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((network) => network.close()));
});

describe('a network with a proxy', () => {
  it('sends everything through its tunnel, verified for the name that was asked for, and resolves nothing itself', async () => {
    const { key, cert } = selfSignedCertificate({ names: ['api.vendor.com'], addresses: [] });
    const seen: unknown[] = [];
    const secure = createHttpsServer({ key, cert }, (incoming, answer) => {
      seen.push(incoming.headers);
      answer.end('from the service');
    });
    await using service = await startTcpService((socket) => void secure.emit('connection', socket));
    await using proxy = await startConnectProxy(service);
    const lookup = vi.fn(async () => [{ address: '127.0.0.1' }]);
    const network = openNetwork(proxy.port, { lookup, extraAuthorities: [cert] });
    const { body } = await network.request({ ...plain, origin: 'https://api.vendor.com', headers: ['authorization', 'Bearer t'] });
    expect(new TextDecoder().decode(body)).toBe('from the service');
    expect(proxy.asked.map(({ line }) => line)).toEqual(['CONNECT api.vendor.com:443']);
    expect(proxy.asked[0]?.headers).toEqual({ host: 'api.vendor.com:443' });
    expect(seen).toEqual([{ host: 'api.vendor.com', connection: 'keep-alive', authorization: 'Bearer t' }]);
    expect(lookup).not.toHaveBeenCalled();
    expect(await rejection(network.request({ ...plain, origin: 'https://other.vendor.com' }))).toMatchObject({
      code: 'network',
      sent: 'no',
    });
  });

  it('finds a proxy by its name, tells it who asks, and shows that to nobody else', async () => {
    const seen: unknown[] = [];
    await using service = await startHttpService((incoming, answer) => {
      seen.push(incoming.headers);
      answer.end();
    });
    await using proxy = await startConnectProxy(service);
    const credentials = createSecret('hub:hunter2');
    const lookup = vi.fn(async () => [{ address: '127.0.0.1' }]);
    const network = openNetwork(proxy.port, { lookup, allowHttp: true, proxy: { host: 'proxy.internal', port: proxy.port, credentials } });
    for (let index = 0; index < 2; index += 1) await network.request({ ...plain, origin: 'http://api.vendor.com' });
    expect(lookup.mock.calls.flat()).toEqual(Array.from({ length: proxy.asked.length }, () => 'proxy.internal'));
    const basic = `Basic ${Buffer.from('hub:hunter2').toString('base64')}`;
    expect(new Set(proxy.asked.map(({ headers }) => headers['proxy-authorization']))).toEqual(new Set([basic]));
    expect(seen).toHaveLength(2);
    expect(JSON.stringify(seen)).not.toMatch(/proxy|aHViOmh1bnRlcjI|hunter2/);
  });

  it('asks the proxy for no host that is refused as it is written, and for every literal that is open', async () => {
    await using service = await startTcpService((socket) => socket.end());
    await using proxy = await startConnectProxy(service);
    const network = openNetwork(proxy.port);
    for (const { url } of ssrfUrls) {
      const parsed = URL.parse(url);
      if (parsed === null || parsed.hostname === '' || parsed.hostname === 'public.test-vector') continue;
      const refused = { code: expect.stringMatching(/^(egress_refused|invalid_argument)$/), sent: 'no' };
      expect([url, await rejection(network.request({ ...plain, origin: parsed.origin }))]).toEqual([url, expect.objectContaining(refused)]);
      expect([url, await rejection(network.connect({ host: parsed.hostname, port: 443 }))]).toEqual([
        url,
        expect.objectContaining(refused),
      ]);
    }
    expect(proxy.asked).toEqual([]);
    const socket = await network.connect({ host: '[2606:4700:4700::1111]', port: 443 });
    socket.destroy();
    expect(proxy.asked.map(({ line }) => line)).toEqual(['CONNECT [2606:4700:4700::1111]:443']);
  });

  it('checks the host at each connection, whoever asks for it', async () => {
    await using proxy = await startConnectProxy({ port: 9 });
    const clock = createManualClock();
    const world = { policy: {}, lookup: async () => [], clock, openSocket: openTcpSocket, connectTimeoutMs: 10_000, extraAuthorities: [] };
    for (const host of ['127.0.0.1', '[::1]', 'localhost', 'db.internal', '169.254.169.254'])
      await expect(connectGuarded({ host, port: 443 }, { ...world, proxy: { host: '127.0.0.1', port: proxy.port } })).rejects.toMatchObject(
        {
          code: 'egress_refused',
        },
      );
    expect(proxy.asked).toEqual([]);
  });

  it('hands on what the other side of a tunnel says first', async () => {
    await using service = await startTcpService(
      (socket) => void socket.once('data', () => socket.write('HTTP/1.0 200\r\n\r\n220 mail ready\r\n')),
    );
    const socket = await openNetwork(service.port).connect({ host: 'mail.vendor.com', port: 587 });
    expect(String((await once(socket, 'data'))[0])).toBe('220 mail ready\r\n');
    socket.destroy();
  });

  it.each<[string, string, object]>([
    [
      'it does not let through',
      'HTTP/1.1 403 Forbidden\r\n\r\n',
      { code: 'egress_refused', retryable: false, details: { reason: 'proxy' } },
    ],
    ['it wants other credentials for', 'HTTP/1.1 407 Who?\r\n\r\n', { code: 'egress_refused', details: { reason: 'proxy' } }],
    [
      'it cannot reach',
      'HTTP/1.1 502 Bad Gateway\r\n\r\n',
      { code: 'network', retryable: true, details: { reason: 'proxy', status: 502 } },
    ],
    [
      'it redirects',
      'HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\n\r\n',
      { code: 'network', details: { reason: 'proxy', status: 302 } },
    ],
    ['it answers in another protocol', 'SSH-2.0-OpenSSH\r\n\r\n', { code: 'network' }],
    ['it answers without an end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`, { code: 'network' }],
  ])('sends nothing to a service that %s', async (_name, answer, expected) => {
    await using service = await startTcpService((socket) => void socket.once('data', () => socket.write(answer)));
    const network = openNetwork(service.port, {
      proxy: { host: '127.0.0.1', port: service.port, credentials: createSecret('hub:hunter2') },
    });
    const error = await rejection(network.request({ ...plain, origin: 'https://api.vendor.com' }));
    expect(error).toMatchObject({ sent: 'no', ...expected });
    expect(String(error)).not.toMatch(/hunter2|aHVi/);
    const other = await rejection(openNetwork(await closedPort()).request({ ...plain, origin: 'https://api.vendor.com' }));
    expect(other).toMatchObject({ code: 'network', sent: 'no', retryable: true });
  });

  it('gives up on a proxy that says nothing, that hangs up, and that has no address', async () => {
    await using silent = await startTcpService((socket) => socket.resume());
    const clock = createManualClock();
    const waiting = rejection(openNetwork(silent.port, { clock }).connect({ host: 'api.vendor.com', port: 443 }));
    await vi.waitFor(() => expect(silent.sockets[0]?.bytesRead).toBeGreaterThan(0), patience);
    clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: 'timeout', sent: 'no' });
    await vi.waitFor(() => expect(silent.sockets[0]?.closed).toBe(true), patience);
    await using rude = await startTcpService((socket) => void socket.once('data', () => socket.end()));
    expect(await rejection(openNetwork(rude.port).connect({ host: 'api.vendor.com', port: 443 }))).toMatchObject({
      code: 'network',
      sent: 'no',
    });
    const lost = openNetwork(9, { lookup: async () => [], proxy: { host: 'proxy.internal', port: 9 } });
    expect(await rejection(lost.connect({ host: 'api.vendor.com', port: 443 }))).toMatchObject({
      code: 'network',
      details: { reason: 'ENOTFOUND' },
    });
  });
});
