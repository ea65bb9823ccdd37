import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from '../bell-connector.ts';
import { type BellStage, bellStage, eventsOf, ring, secret, settle } from '../bell-stage.ts';

let stage: BellStage;

beforeEach(() => {
  stage = bellStage();
});
afterEach(() => stage.close());

const base = 'https://host.example.com/hub/webhooks';
const refusal = { status: 401, text: 'refused', headers: { 'content-type': 'text/plain; charset=utf-8' } };

describe('I10 a list of addresses that somebody wants to get around', () => {
  const listed = { addresses: { bell: ['192.0.2.0/24', '2001:db8:1::/48'] } };

  it('lets in what comes from there by the socket alone, and refuses the rest as it refuses everything', async () => {
    const process = stage.process({ door: { webhooks: listed } });
    const { registration } = await settle(process);
    for (const from of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8:1::9'])
      expect((await process.send(registration.url, { ...ring(), from })).status).toBe(202);
    for (const from of [
      undefined,
      '192.0.3.7',
      '203.0.113.9',
      '::ffff:192.0.3.7',
      '::192.0.2.7',
      '2001:db8:2::9',
      '0300.0.2.7',
      '3221225991',
      '192.0.2',
      '192.0.2.7 ',
      'unknown',
      'localhost',
      'fe80::1%eth0',
      '',
    ]) {
      const strange = { ...ring(), ...(from === undefined ? {} : { from }) };
      expect([from, await process.send(registration.url, strange)]).toEqual([from, refusal]);
    }
    expect(new Set(process.failed.map(({ reason }) => reason))).toEqual(new Set(['address_refused']));
    expect(await eventsOf(process)).toHaveLength(3);
  });

  it('believes no header where no proxy is trusted', async () => {
    const process = stage.process({ door: { webhooks: listed } });
    const { registration } = await settle(process);
    const { body, headers } = ring();
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'client-ip', 'x-client-ip']) {
      const value = name === 'forwarded' ? 'for=192.0.2.7' : '192.0.2.7';
      expect((await process.send(registration.url, { body, headers: { ...headers, [name]: value }, from: '203.0.113.9' })).status).toBe(
        401,
      );
    }
  });

  it.each([
    ['the one that its proxy wrote', '192.0.2.7', 202],
    ['behind what a stranger made up', '203.0.113.9, 192.0.2.7', 202],
    ['what a stranger made up', '192.0.2.7, 203.0.113.9', 401],
    ['with a port', '192.0.2.7:4711', 202],
    ['an IPv4 address dressed as IPv6', '::ffff:192.0.2.7', 202],
    ['in brackets, with a port', '[2001:db8:1::9]:443', 202],
    ['spaces', '  203.0.113.9 ,\t192.0.2.7 ', 202],
    ['octal', '0300.0.2.7', 401],
    ['unknown', '192.0.2.7, unknown', 401],
    ['nothing', '192.0.2.7,', 401],
    ['a name', 'host.example.com', 401],
  ])('reads of a list of hops %s: %s', async (_what, list, status) => {
    for (const trustedProxies of [1, ['10.0.0.0/8']]) {
      const process = stage.process({ door: { webhooks: listed, trustedProxies } });
      const { registration } = await settle(process);
      const { body, headers } = ring();
      const sent = { body, headers: { ...headers, 'x-forwarded-for': list, forwarded: 'for=192.0.2.7' }, from: '10.0.0.1' };
      expect((await process.send(registration.url, sent)).status).toBe(status);
    }
  });

  it('holds for one registration too, is told to nobody but the host, and stays when the secret is replaced', async () => {
    const process = stage.process();
    const { handle, registration } = await settle(process);
    const { addresses } = await handle.webhooks.allowAddresses(registration.id, ['192.0.2.7', '192.0.2.7']);
    expect(addresses).toEqual(['192.0.2.7']);
    await handle.webhooks.register({ connection: 'main', secret: 'the-secret-after' });
    expect(await process.send(registration.url, { ...ring(), from: '192.0.2.8' })).toEqual(refusal);
    expect(await process.send(registration.url, ring())).toEqual(refusal);
    expect(await process.send(registration.url, { ...ring({ secret: 'another-secret' }), from: '192.0.2.7' })).toEqual(refusal);
    expect((await process.send(registration.url, { ...ring(), from: '192.0.2.7' })).status).toBe(202);
    expect(process.failed.map(({ reason, tenant }) => [reason, tenant])).toEqual([
      ['address_refused', 'acme'],
      ['address_refused', 'acme'],
      ['signature_wrong', 'acme'],
    ]);
    await handle.webhooks.allowAddresses(registration.id, null);
    expect((await process.send(registration.url, ring())).status).toBe(202);
    for (const wrong of [[], ['192.0.2.1/24'], ['somewhere'], Array.from({ length: 101 }, () => '192.0.2.1')])
      await expect(handle.webhooks.allowAddresses(registration.id, wrong)).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});

describe('I11 floods, also from addresses and to URLs without number', () => {
  const rates = { url: { perSecond: 1, burst: 5 }, address: { perSecond: 1, burst: 3 } };
  const unsigned = { headers: { 'x-bell-delivery': '1' }, body: '{}' };
  const wrong = () => ring({ secret: 'another-secret' });

  it('are answered 429 before the body is read, alike at every URL', async () => {
    const process = stage.process({ connector: bellConnector({ accounts: true }), appSecrets: secret, door: { webhooks: { rates } } });
    const { registration } = await settle(process);
    const tooMany = {
      status: 429,
      text: 'Too many requests.',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' },
    };
    for (const url of [
      registration.url,
      `${base}/bell/${randomUUID()}`,
      `${base}/bell`,
      `${base}/gong/${registration.id}`,
      `${base}/gong`,
    ]) {
      const statuses = [];
      for (let sent = 0; sent < 5; sent += 1) statuses.push((await process.send(url, sent % 2 ? unsigned : wrong())).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401]);
      let isRead = false;
      const body = new ReadableStream(
        {
          pull(controller) {
            isRead = true;
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      const answer = await process.hub.handler(new Request(url, { method: 'POST', headers: { ...wrong().headers }, body, duplex: 'half' }));
      expect([answer.status, isRead]).toEqual([429, false]);
      expect(await process.send(url, wrong())).toEqual(tooMany);
    }
    await stage.clock.advance(1_000);
    expect((await process.send(registration.url, ring())).status).toBe(202);
    expect(process.failed).toHaveLength(25);
    await stage.clock.advance(1_000);
    const day = { tenant: '', fromDay: '2026-01-01', toDay: '2026-01-01' };
    expect(await stage.storage.counters.read({ ...day, name: 'webhook:bell:limited' })).toBe(6);
  });

  it('leave whoever signs alone: what is verified uses no limit up', async () => {
    const process = stage.process({ door: { webhooks: { rates } } });
    const { registration } = await settle(process);
    for (let sent = 0; sent < 50; sent += 1)
      expect((await process.send(registration.url, { ...ring(), from: '203.0.113.9' })).status).toBe(202);
    for (let sent = 0; sent < 10; sent += 1)
      expect((await process.send(registration.url, { ...ring({ body: {} }), from: '203.0.113.9' })).status).toBe(202);
  });

  it('from one address keep out that address and its network, and no URL', async () => {
    const process = stage.process({ door: { webhooks: { rates }, trustedProxies: 1 } });
    const { registration } = await settle(process);
    const from = (address: string, request = wrong()) => ({ ...request, headers: { ...request.headers, 'x-forwarded-for': address } });
    for (const [one, other, stranger] of [
      ['203.0.113.9', '203.0.113.9', '203.0.113.10'],
      ['2001:db8:1:1::1', '2001:db8:1:1:ffff::2', '2001:db8:1:2::1'],
    ] as const) {
      for (let sent = 0; sent < 3; sent += 1) expect((await process.send(`${base}/bell/${randomUUID()}`, from(one))).status).toBe(401);
      for (let sent = 0; sent < 20; sent += 1) expect((await process.send(registration.url, from(other))).status).toBe(429);
      expect((await process.send(registration.url, from(stranger, ring()))).status).toBe(202);
    }
  });

  it('do not make an inner address, through which everybody comes, keep everybody out', async () => {
    const process = stage.process({ door: { webhooks: { rates: { address: rates.address } } } });
    const { registration } = await settle(process);
    for (let sent = 0; sent < 10; sent += 1)
      expect((await process.send(registration.url, { ...wrong(), from: '10.0.0.1' })).status).toBe(401);
    expect((await process.send(registration.url, { ...ring(), from: '10.0.0.1' })).status).toBe(202);
  });

  it('from elsewhere do not keep out an address that has signed at the URL before', async () => {
    const process = stage.process({ door: { webhooks: { rates } } });
    const { registration } = await settle(process);
    const service = '140.82.112.9';
    expect((await process.send(registration.url, { ...ring(), from: service })).status).toBe(202);
    for (let sent = 0; sent < 12; sent += 1) await process.send(registration.url, { ...wrong(), from: `185.199.108.${sent}` });
    expect((await process.send(registration.url, { ...wrong(), from: '185.199.108.99' })).status).toBe(429);
    for (let sent = 0; sent < 20; sent += 1) expect((await process.send(registration.url, { ...ring(), from: service })).status).toBe(202);
    // Who has signed once is no stranger, and still has the limit of his address.
    const statuses = [];
    for (let sent = 0; sent < 5; sent += 1) statuses.push((await process.send(registration.url, { ...wrong(), from: service })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    // At another URL he is one.
    const elsewhere = `${base}/bell/${randomUUID()}`;
    for (let sent = 0; sent < 5; sent += 1) await process.send(elsewhere, { ...wrong(), from: `185.199.108.${100 + sent}` });
    expect((await process.send(elsewhere, { ...ring(), from: service })).status).toBe(429);
  });

  it.each([
    ['x-forwarded-for', 1, `${'192.0.2.7, '.repeat(40)}198.51.100.7`],
    ['x-forwarded-for', ['10.0.0.0/8'], `${'192.0.2.7, '.repeat(40)}198.51.100.7`],
    ['x-forwarded-for', 1, 'unknown'],
    ['forwarded', 1, '", for=198.51.100.7'],
    ['forwarded', ['10.0.0.0/8'], `${'for=192.0.2.7, '.repeat(40)}for=198.51.100.7`],
  ] as const)('are not let off by what a stranger writes into %s before the proxy %j does', async (forwardedHeader, trusted, value) => {
    const trustedProxies = typeof trusted === 'number' ? trusted : [...trusted];
    const process = stage.process({ door: { webhooks: { rates: { address: rates.address } }, trustedProxies, forwardedHeader } });
    const { registration } = await settle(process);
    const statuses = [];
    for (let sent = 0; sent < 5; sent += 1) {
      const { body, headers } = wrong();
      const request = { body, headers: { ...headers, [forwardedHeader]: value }, from: '10.0.0.1' };
      statuses.push((await process.send(registration.url, request)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });
});
