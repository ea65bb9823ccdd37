import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startHttpService, startTcpService } from './__fixtures__/loopback-service.ts';
import { createManualClock } from './__fixtures__/manual-clock.ts';
import { selfSignedCertificate } from './__fixtures__/self-signed-certificate.ts';
import scripts from './__fixtures__/ssrf-dns.json' with { type: 'json' };
import redirects from './__fixtures__/ssrf-redirects.json' with { type: 'json' };
import urls from './__fixtures__/ssrf-urls.json' with { type: 'json' };
import { createNetwork, type Network, type NetworkOptions } from './create-network.ts';
import type { NetworkRequest } from './network-request.ts';

/** For sockets of this machine, which may be busy with other tests. */
const patience = { timeout: 20_000 };

const plain = { path: '/', method: 'GET', headers: [], maxResponseBytes: 1_000 };
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const opened: Network[] = [];
function openNetwork(options: Partial<NetworkOptions> = {}): Network {
  const network = createNetwork({ clock: createManualClock(), ...options });
  opened.push(network);
  return network;
}
const openPrivateNetwork = (options: Partial<NetworkOptions> = {}): Network =>
  openNetwork({ dangerouslyAllowPrivateNetworks: true, ...options });

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await Promise.all(opened.splice(0).map((network) => network.close()));
});

/** Records where sockets of this process would go, and lets none get there. */
function interceptConnects(): string[] {
  const targets: string[] = [];
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...parameters: unknown[]) {
    const [target] = parameters.flat().filter((parameter) => typeof parameter === 'object' && parameter !== null);
    targets.push(target !== undefined && 'host' in target ? String(target.host) : 'unknown');
    process.nextTick(() => this.destroy(Object.assign(new Error('offline'), { code: 'ENETUNREACH' })));
    return this;
  });
  return targets;
}

describe('the guard of a network', () => {
  it('makes no connect for any forbidden URL, however it is asked', async () => {
    const targets = interceptConnects();
    const lookup = vi.fn(async () => [{ address: '93.184.216.34' }]);
    const network = openNetwork({ lookup });
    const refused = async (promise: Promise<unknown>, url: string): Promise<void> => {
      expect([url, await rejection(promise)]).toEqual([
        url,
        expect.objectContaining({ code: expect.stringMatching(/^(egress_refused|invalid_argument)$/), sent: 'no' }),
      ]);
    };
    for (const { url } of urls) {
      await refused(network.request({ ...plain, origin: url }), url);
      const parsed = URL.parse(url);
      if (parsed?.hostname === undefined || parsed.hostname === '' || parsed.hostname === 'public.test-vector') continue;
      await refused(network.request({ ...plain, origin: parsed.origin }), url);
      await refused(network.connect({ host: parsed.hostname, port: 443 }), url);
    }
    expect([targets, lookup.mock.calls]).toEqual([[], []]);
  });

  it.each(scripts.map((script) => [script.id, script] as const))(
    'connects only to checked public addresses under DNS script %s',
    async (_id, script) => {
      const targets = interceptConnects();
      const rounds = script.sequence ?? [script.answers ?? []];
      const rest = [...rounds];
      const clock = createManualClock();
      const lookup = vi.fn(async () => {
        if (script.delayMs !== undefined) return await new Promise<never>(() => {});
        if (script.error !== undefined) throw Object.assign(new Error('failed'), { code: `E${script.error}` });
        return (rest.shift() ?? []).map(([, address = '']) => ({ address }));
      });
      const network = openNetwork({ lookup, clock });
      await network.prepare();
      for (const [index] of rounds.entries()) {
        const failed = rejection(network.request({ ...plain, origin: 'https://rebind.vendor.com' }));
        if (script.delayMs !== undefined) clock.advance(script.delayMs);
        expect(await failed).toMatchObject({ sent: 'no', code: expect.stringMatching(/^(egress_refused|network|timeout)$/) });
        expect(lookup).toHaveBeenCalledTimes(index + 1);
      }
      const checked = rounds.filter((answers) => answers.length > 0 && answers.every(([, address = '']) => address === '93.184.216.34'));
      expect(targets).toEqual(checked.map(() => '93.184.216.34'));
    },
  );

  it('gives an address ten seconds to be resolved and reached unless it is told otherwise', async () => {
    for (const [options, ms] of [
      [{}, 10_000],
      [{ connectTimeoutMs: 300 }, 300],
    ] as const) {
      const clock = createManualClock();
      const network = openNetwork({ ...options, clock, lookup: () => new Promise<never>(() => {}) });
      let failure: unknown = 'none yet';
      const failed = rejection(network.connect({ host: 'api.vendor.com', port: 443 })).then((error) => {
        failure = error;
      });
      clock.advance(ms - 1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(failure).toBe('none yet');
      clock.advance(1);
      await failed;
      expect(failure).toMatchObject({ code: 'timeout', sent: 'no' });
    }
  });

  it('resolves again for every new connection, so that a name that turns is caught', async () => {
    await using service = await startHttpService((_incoming, answer) => answer.writeHead(200, { connection: 'close' }).end());
    const answers = ['127.0.0.1', '169.254.169.254'];
    const network = openPrivateNetwork({ lookup: async () => [{ address: answers.shift() ?? '' }] });
    const origin = `http://rebind.corp:${service.port}`;
    expect(await network.request({ ...plain, origin })).toMatchObject({ status: 200 });
    expect(await rejection(network.request({ ...plain, origin }))).toMatchObject({ code: 'egress_refused', sent: 'no' });
    expect(service.sockets).toHaveLength(1);
  });

  it.each(redirects.map(({ id, status, location }) => [id, status, location] as const))(
    'does not follow redirect %s: %i %s',
    async (_id, status, location) => {
      const paths: unknown[] = [];
      await using service = await startHttpService((incoming, answer) => {
        paths.push(incoming.url);
        answer.writeHead(status, { location }).end();
      });
      const network = openPrivateNetwork();
      const connects = vi.spyOn(Socket.prototype, 'connect');
      const response = await network.request({ ...plain, origin: service.origin, headers: ['authorization', 'Bearer t'] });
      expect([response.status, paths, connects.mock.calls.length]).toEqual([status, ['/'], 1]);
    },
  );

  it('ignores proxy variables', async () => {
    const proxied: unknown[] = [];
    await using proxy = await startHttpService((incoming, answer) => {
      proxied.push(incoming.url);
      answer.end('from the proxy');
    });
    await using service = await startHttpService((_incoming, answer) => answer.end('from the service'));
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']) vi.stubEnv(name, proxy.origin);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    const { body } = await openPrivateNetwork().request({ ...plain, origin: service.origin });
    expect([new TextDecoder().decode(body), proxied]).toEqual(['from the service', []]);
  });

  it('takes the TLS name from the origin and verifies it', async () => {
    const { key, cert } = selfSignedCertificate({ names: ['api.vendor.corp'], addresses: [] });
    const names: unknown[] = [];
    const secure = createHttpsServer({ key, cert }, (incoming, answer) => {
      names.push('servername' in incoming.socket ? incoming.socket.servername : undefined, incoming.headers.host);
      answer.end('secret answer');
    });
    await using server = await startTcpService((socket) => void secure.emit('connection', socket));
    const network = openPrivateNetwork({ lookup: async () => [{ address: '127.0.0.1' }], extraAuthorities: [cert] });
    const origin = `https://api.vendor.corp:${server.port}`;
    expect((await network.request({ ...plain, origin })).status).toBe(200);
    expect(names).toEqual(['api.vendor.corp', `api.vendor.corp:${server.port}`]);
    expect(await rejection(network.request({ ...plain, origin: `https://other.corp:${server.port}` }))).toMatchObject({
      code: 'network',
      sent: 'no',
    });
    const untrusting = openPrivateNetwork({ lookup: async () => [{ address: '127.0.0.1' }] });
    expect(await rejection(untrusting.request({ ...plain, origin }))).toMatchObject({ code: 'network', sent: 'no', retryable: false });
    expect(names).toHaveLength(2);
  });
});

describe('a request that cannot be sent', () => {
  it.each<[string, Partial<NetworkRequest>]>([
    ['an origin with a slash', { origin: 'https://api.vendor.com/' }],
    ['an origin with a path', { origin: 'https://api.vendor.com/v1' }],
    ['an origin in capitals', { origin: 'https://API.vendor.com' }],
    ['an origin with its default port', { origin: 'https://api.vendor.com:443' }],
    ['an absolute URL as path', { path: 'https://evil.com/' }],
    ['an empty path', { path: '' }],
    ['a path without its slash', { path: '@evil.com/' }],
    ['a blank in the path', { path: '/a b' }],
    ['a line end in the path', { path: '/a\r\nx: y' }],
    ['a line end in the method', { method: 'GET / HTTP/1.1\r\nx: y' }],
    ['a line end in a header', { headers: ['x', 'y\r\nz: 1'] }],
    ['a host header', { headers: ['accept', '*/*', 'Host', 'evil.com'] }],
    ['a transfer-encoding header', { headers: ['transfer-encoding', 'chunked'] }],
    ['half a header', { headers: ['x'] }],
  ])('is refused for %s, with no socket opened', async (_name, fault) => {
    const targets = interceptConnects();
    const network = openNetwork({ lookup: async () => [{ address: '93.184.216.34' }] });
    const error = await rejection(network.request({ ...plain, origin: 'https://api.vendor.com', ...fault }));
    expect(error).toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(targets).toEqual([]);
  });
});

describe('the connections of a network', () => {
  it('are kept alive and used again', async () => {
    await using service = await startHttpService((_incoming, answer) => answer.end());
    const network = openPrivateNetwork();
    for (let index = 0; index < 20; index += 1) await network.request({ ...plain, origin: service.origin });
    // A socket rests for a turn of the event loop after its answer, so a caller in a hurry gets a second one.
    expect(service.sockets.length).toBeLessThanOrEqual(2);
  });

  it('stay below their cap', async () => {
    let served = 0;
    await using service = await startHttpService((_incoming, answer) => {
      served += 1;
      answer.end();
    });
    const network = openPrivateNetwork({ connections: 2 });
    await Promise.all(Array.from({ length: 20 }, () => network.request({ ...plain, origin: service.origin })));
    expect([service.sockets.length, served]).toEqual([2, 20]);
  });

  it('keep to the address that was checked for as long as they live, five minutes, and then their name is looked up anew', async () => {
    await using service = await startHttpService((_incoming, answer) => answer.writeHead(200, { 'keep-alive': 'timeout=600' }).end());
    let answers = ['127.0.0.1'];
    const lookup = vi.fn(async () => answers.map((address) => ({ address })));
    const network = openPrivateNetwork({ lookup });
    const get = () => network.request({ ...plain, origin: `http://rebind.corp:${service.port}` });
    const opened = Date.now();
    const now = vi.spyOn(Date, 'now').mockReturnValue(opened);
    await get();
    answers = ['169.254.169.254'];
    now.mockReturnValue(opened + 299_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await get()).toMatchObject({ status: 200 });
    expect([service.sockets.length, lookup.mock.calls.length]).toEqual([1, 1]);
    now.mockReturnValue(opened + 300_001);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await rejection(get())).toMatchObject({ code: 'egress_refused', sent: 'no' });
    expect([service.sockets.length, lookup.mock.calls.length]).toEqual([1, 2]);
  });

  it('serve the name that they were opened for and no other at the same address', async () => {
    const hosts: unknown[] = [];
    await using service = await startHttpService((incoming, answer) => {
      hosts.push(incoming.headers.host);
      answer.end();
    });
    const network = openPrivateNetwork({ lookup: async () => [{ address: '127.0.0.1' }] });
    for (const name of ['one.corp', 'two.corp', 'one.corp']) await network.request({ ...plain, origin: `http://${name}:${service.port}` });
    expect(hosts).toEqual([`one.corp:${service.port}`, `two.corp:${service.port}`, `one.corp:${service.port}`]);
    const used = service.sockets.map(({ bytesRead }) => bytesRead > 0);
    expect(used.length).toBeGreaterThanOrEqual(2);
  });

  it('are not shared with another network', async () => {
    await using service = await startHttpService((_incoming, answer) => answer.end());
    for (const network of [openPrivateNetwork(), openPrivateNetwork()]) await network.request({ ...plain, origin: service.origin });
    expect(service.sockets).toHaveLength(2);
    expect(await rejection(openNetwork().request({ ...plain, origin: service.origin }))).toMatchObject({ code: 'egress_refused' });
  });
});

describe('closing a network', () => {
  it('ends running and waiting requests, idle connections and raw sockets', async () => {
    await using service = await startHttpService((incoming, answer) => {
      if (incoming.url === '/') answer.end();
    });
    const network = openPrivateNetwork({ connections: 2 });
    await network.request({ ...plain, origin: service.origin });
    const socket = await network.connect({ host: '127.0.0.1', port: service.port });
    const running = rejection(network.request({ ...plain, path: '/hang', origin: service.origin }));
    const second = rejection(network.request({ ...plain, path: '/hang', origin: service.origin }));
    await vi.waitFor(() => expect(service.sockets.filter(({ bytesRead }) => bytesRead > 0)).toHaveLength(2), patience);
    const waiting = rejection(network.request({ ...plain, path: '/hang', origin: service.origin }));
    await network.close();
    expect(await running).toMatchObject({ code: 'stopped', sent: 'maybe', retryable: true });
    expect(await second).toMatchObject({ code: 'stopped', sent: 'maybe' });
    expect(await waiting).toMatchObject({ code: 'stopped', sent: 'no' });
    expect(socket.destroyed).toBe(true);
    await Promise.all(service.sockets.map((other) => (other.closed ? undefined : once(other, 'close'))));
  });

  it('refuses what comes later', async () => {
    const targets = interceptConnects();
    const network = openPrivateNetwork();
    await network.close();
    expect(await rejection(network.request({ ...plain, origin: 'http://127.0.0.1:9' }))).toMatchObject({ code: 'stopped', sent: 'no' });
    expect(await rejection(network.connect({ host: '127.0.0.1', port: 9 }))).toMatchObject({ code: 'aborted', sent: 'no' });
    await network.close();
    expect(targets).toEqual([]);
  });

  it('stops a connection that is being made', async () => {
    const network = openPrivateNetwork({ lookup: () => new Promise<never>(() => {}) });
    const failed = rejection(network.request({ ...plain, origin: 'http://slow.corp' }));
    await network.close();
    expect(await failed).toMatchObject({ sent: 'no', code: expect.stringMatching(/^(stopped|aborted)$/) });
  });
});

describe('a guarded socket', () => {
  it('carries bytes both ways and stops for its own signal', async () => {
    await using service = await startTcpService((socket) => void socket.pipe(socket));
    const network = openPrivateNetwork();
    const socket = await network.connect({ host: '127.0.0.1', port: service.port });
    socket.write('ping');
    expect(String((await once(socket, 'data'))[0])).toBe('ping');
    expect(await rejection(network.connect({ host: '127.0.0.1', port: service.port, signal: AbortSignal.abort() }))).toMatchObject({
      code: 'aborted',
    });
  });
});
