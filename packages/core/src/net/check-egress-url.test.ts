import { describe, expect, it } from 'vitest';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import allowed from './__fixtures__/ssrf-allow.json' with { type: 'json' };
import urls from './__fixtures__/ssrf-urls.json' with { type: 'json' };
import { checkEgressTarget, checkEgressUrl } from './check-egress-url.ts';
import type { EgressPolicy } from './egress-policy.ts';

function reasonOf(url: string | URL, policy: EgressPolicy = {}): unknown {
  try {
    return checkEgressUrl(url, policy).href;
  } catch (error) {
    if (!isPatchbayError(error)) throw error;
    expect([error.code, error.sent, error.retryable]).toEqual(['egress_refused', 'no', false]);
    return error.details['reason'];
  }
}

describe('checkEgressUrl', () => {
  it.each(urls.map(({ id, url }) => [id, url]))('refuses %s %s', (_id, url) => {
    expect(reasonOf(url)).toMatch(/^(url|scheme|userinfo|fragment|port|name|address)$/);
  });

  it.each(allowed.map(({ id, url }) => [id, url]))('allows %s %s', (_id, url) => {
    expect(reasonOf(url)).toBe(new URL(url).href);
  });

  it.each([
    ['https://user@api.vendor.com/', 'userinfo'],
    ['https://:secret@api.vendor.com/', 'userinfo'],
    ['https://@api.vendor.com/', 'userinfo'],
    ['https:api.vendor.com@evil.com/', 'userinfo'],
    ['https://api.vendor.com/#top', 'fragment'],
    ['https://api.vendor.com/#', 'fragment'],
    ['https://api.vendor.com:8443/', 'port'],
    ['https://api.vendor.com:80/', 'port'],
    ['https://api.vendor.com:0/', 'port'],
    ['http://api.vendor.com/', 'scheme'],
    ['ws://api.vendor.com/', 'scheme'],
    ['https://api.vendor.com./', 'name'],
    ['https://api..vendor.com/', 'name'],
    ['https://-api.vendor.com/', 'name'],
    ['https://api!.vendor.com/', 'name'],
    [`https://${'a'.repeat(64)}.com/`, 'name'],
    ['https://wiki.corp/', 'name'],
    ['https://printer.home.arpa/', 'name'],
    ['https://xn--mgbh0fb.internal/', 'name'],
    ['https:\\\\api.vendor.com/', 'url'],
    ['https://api.vendor.com/a b', 'url'],
    ['https://api.vendor.com/\n', 'url'],
    ['https://api.vendor.com/%0D%0Ax', 'url'],
    ['/relative', 'url'],
  ])('says why it refuses %j', (url, reason) => {
    expect(reasonOf(url)).toBe(reason);
  });

  it('leaves paths, queries, underscores and percent signs alone', () => {
    for (const url of ['https://api.vendor.com/a/@user?b=%0d%0a&c=@', 'https://my_bucket.s3.vendor.com/', 'https://xn--bcher-kva.de/']) {
      expect(reasonOf(url)).toBe(url);
      expect(reasonOf(new URL(url))).toBe(url);
    }
  });

  it.each(['http://api.vendor.com/', 'https://api.vendor.com:8443/'])('names the option that opens %s', (url) => {
    expect(() => checkEgressUrl(url, {})).toThrow(/dangerouslyAllowPrivateNetworks in the options of the hub opens/);
    expect(reasonOf(url, { dangerouslyAllowPrivateNetworks: true })).toBe(url);
  });

  it('never repeats the URL in the error', () => {
    for (const url of ['https://hook:hunter2@api.vendor.com/', 'http://api.vendor.com/hunter2', 'https://hunter2.internal/?hunter2']) {
      expect(() => checkEgressUrl(url, {})).not.toThrow('hunter2');
    }
  });

  it('opens plain http and more ports only as the policy says', () => {
    expect(reasonOf('http://api.vendor.com/', { allowHttp: true })).toBe('http://api.vendor.com/');
    expect(reasonOf('http://api.vendor.com:8080/', { allowHttp: true })).toBe('port');
    expect(reasonOf('http://api.vendor.com:8080/', { allowHttp: true, extraPorts: [8080] })).toBe('http://api.vendor.com:8080/');
    expect(reasonOf('https://api.vendor.com:80/', { allowHttp: true })).toBe('port');
    expect(reasonOf('http://127.0.0.1/', { allowHttp: true })).toBe('address');
  });

  it('opens private networks, and nothing beyond, by the dangerous option', () => {
    const policy: EgressPolicy = { dangerouslyAllowPrivateNetworks: true };
    const opened =
      'http://127.0.0.1:3000/ http://localhost:8080/ https://[::1]/ http://10.1.2.3/ https://jira.corp/ https://db/ http://[fd12::1]:81/';
    for (const url of opened.split(' ')) expect(reasonOf(url, policy)).toBe(url);
    expect(reasonOf('http://169.254.169.254/latest/meta-data/', policy)).toBe('address');
    expect(reasonOf('http://[fd00:ec2::254]/', policy)).toBe('address');
    expect(reasonOf('http://0.0.0.0/', policy)).toBe('address');
    expect(reasonOf('http://[::ffff:127.0.0.1]/', policy)).toBe('address');
    expect(reasonOf('file:///etc/passwd', policy)).toBe('scheme');
    expect(reasonOf('http://a@127.0.0.1/', policy)).toBe('userinfo');
    expect(reasonOf('http://127.0.0.1:0/', policy)).toBe('port');
  });

  it('opens this machine and nothing else where only loopback is open, whatever else is', () => {
    for (const policy of [{ loopbackOnly: true }, { loopbackOnly: true, dangerouslyAllowPrivateNetworks: true }] satisfies EgressPolicy[]) {
      const opened = 'http://127.0.0.1:3000/ https://127.9.8.7/ http://localhost:8080/ http://api.localhost/ https://[::1]/';
      for (const url of opened.split(' ')) expect(reasonOf(url, policy)).toBe(url);
      const closed =
        'https://api.vendor.com/ https://93.184.216.34/ http://10.1.2.3/ http://192.168.0.7:8080/ https://db/ https://localhost.vendor.com/ ' +
        'https://[2606:4700:4700::1111]/ https://[::]/ https://[100::1]/ http://[fd12::1]:81/ http://0.0.0.0/ http://[::ffff:127.0.0.1]/';
      for (const url of closed.split(' ')) expect([url, reasonOf(url, policy)]).toEqual([url, 'loopback']);
    }
  });
});

describe('checkEgressTarget', () => {
  it('checks what undici asks for, with the brackets of IPv6 taken off', () => {
    expect(() => checkEgressTarget({ protocol: 'https:', hostname: '2606:4700:4700::1111', port: '' }, {})).not.toThrow();
    expect(() => checkEgressTarget({ protocol: 'https:', hostname: '::1', port: '443' }, {})).toThrow(/not public/);
    expect(() => checkEgressTarget({ protocol: 'https:', hostname: '127.1', port: '443' }, {})).toThrow(/not a public name/);
  });
});
