import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type EgressOptions, resolveConnections, resolveEgress } from './egress-options.ts';

describe('resolveEgress', () => {
  it('has no proxy unless it is told of one', () => {
    expect([resolveEgress(), resolveEgress({})]).toEqual([undefined, undefined]);
  });

  it.each([
    ['http://proxy.internal:3128', 'proxy.internal', 3128],
    ['http://10.0.0.9:8080/', '10.0.0.9', 8080],
    ['http://[fd12::1]', 'fd12::1', 80],
  ])('reads %s', (proxy, host, port) => {
    expect(resolveEgress({ proxy })).toEqual({ host, port, credentials: undefined });
  });

  it('keeps the password out of sight', () => {
    const proxy = resolveEgress({ proxy: 'http://proxy.internal:3128', proxyCredentials: { username: 'hub', password: 'hunter:2' } });
    expect(proxy?.credentials?.reveal('a test')).toBe('hub:hunter:2');
    expect(JSON.stringify(proxy) + inspect(proxy, { depth: 9, showHidden: true })).not.toContain('hunter');
  });

  const proxy = 'http://proxy.internal:3128';
  it.each<[EgressOptions, RegExp]>([
    [{ proxy: 'proxy.internal:3128' }, /^The option egress\.proxy is not/],
    [{ proxy: 'https://proxy.internal:3128' }, /^The option egress\.proxy is not/],
    [{ proxy: 'socks5://proxy.internal:1080' }, /^The option egress\.proxy is not/],
    [{ proxy: 'http://proxy.internal/hunter2' }, /^The option egress\.proxy is not/],
    [{ proxy: '' }, /^The option egress\.proxy is not/],
    [{ proxy: 'http://hub:hunter2@proxy.internal:3128' }, /^The option egress\.proxy holds a user/],
    [{ proxyCredentials: { username: 'hub', password: 'hunter2' } }, /without egress\.proxy/],
    [{ proxy, proxyCredentials: { username: 'h:b', password: 'hunter2' } }, /^The option egress\.proxyCredentials is/],
    [{ proxy, proxyCredentials: { username: 'hub', password: 'hunter2\r\nx: y' } }, /^The option egress\.proxyCredentials is/],
  ])('refuses %j, and repeats nothing of it', (options, message) => {
    expect(() => resolveEgress(options)).toThrow(message);
    expect(() => resolveEgress(options)).not.toThrow('hunter2');
  });

  it('goes through no proxy where this machine alone is open', () => {
    expect(() => resolveEgress({ proxy }, true)).toThrow(/exclude each other/);
  });
});

describe('resolveConnections', () => {
  it('keeps connections as the network does unless it is told otherwise', () => {
    expect(resolveConnections()).toEqual({ http2: true });
    const figures = { connections: 8, keepAliveMs: 1_000, connectionLifetimeMs: 60_000, http2: false };
    expect(resolveConnections(figures)).toEqual(figures);
  });

  it.each(['connections', 'keepAliveMs', 'connectionLifetimeMs'])('takes no %s that is no whole number above zero', (name) => {
    for (const figure of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => resolveConnections({ [name]: figure })).toThrow(`egress.${name}`);
  });
});
