import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from '../bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, settle } from '../bell-stage.ts';
import { outcomeOf, rawRing, unreadable } from './raw-ring.ts';

let stage: BellStage;
let process: BellProcess;
let url: string;

beforeEach(async () => {
  stage = bellStage();
  process = stage.process();
  url = (await settle(process)).registration.url;
});
afterEach(() => stage.close());

describe('I7 type and content-type confusion', () => {
  it('takes nothing of a body for a word of the hub: what looks like a file, a header or a tenant is data', async () => {
    const body = {
      tone: 'c',
      files: { x: { filepath: '/etc/passwd', originalFilename: 'a', mimetype: 'text/plain' } },
      headers: { 'x-bell-delivery': 'forged', authorization: 'forged' },
      body: { tone: 'forged' },
      rawBody: 'forged',
      tenant: 'other',
      registration: randomUUID(),
      connection: 'forged',
      receipt: { deliveryId: 'forged' },
      verified: true,
    };
    expect((await process.send(url, ring({ body, id: 'true-id' }))).status).toBe(202);
    const [event] = await eventsOf(process);
    expect(event).toMatchObject({ tenant: 'acme', type: 'bell.rung', data: body });
    const record = await stage.storage.history.event('acme', event?.id ?? '');
    expect(record?.receipt).toMatchObject({ deliveryId: 'true-id' });
    expect(await eventsOf(process, 'other')).toEqual([]);
  });

  it.each([
    'text/plain',
    'text/plain; charset=UTF-8',
    'multipart/form-data; boundary=a',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'application/json, multipart/form-data',
    'text/html',
  ])('refuses JSON that is called %s, before it is read', async (type) => {
    const answer = await process.send(url, rawRing('{"tone":"c"}', { 'content-type': type }));
    expect(answer).toMatchObject({ status: 415, text: expect.stringContaining('application/json') });
    expect(await eventsOf(process)).toEqual([]);
    expect(process.failed).toEqual([]);
  });

  it('refuses a multipart body that claims to be JSON', async () => {
    const part = '--a\r\ncontent-disposition: form-data; name="tone"; filename="/etc/passwd"\r\n\r\nc\r\n--a--\r\n';
    expect(await outcomeOf(process, url, rawRing(part, { 'content-type': 'application/json' }))).toEqual(unreadable);
  });

  it('reads a form where its connector takes forms, and never JSON as a form or a form as JSON', async () => {
    const form = 'application/x-www-form-urlencoded';
    const webhook = { contentTypes: ['application/json', form], formJsonField: 'payload' };
    const own = stage.process({ connector: bellConnector({ webhook }) });
    const { registration } = await settle(own, 'former');
    const send = (body: string, type: string) => outcomeOf(own, registration.url, rawRing(body, { 'content-type': type }));
    expect(await send(`payload=${encodeURIComponent('{"tone":"c"}')}`, form)).toEqual([202]);
    expect(await send('tone=d+flat&command=%2Fring', `${form}; charset=utf-8`)).toEqual([202]);
    expect(await send('{"tone":"e"}', form)).toEqual([202, 'invalid_event']);
    expect(await send('tone=c', 'application/json')).toEqual(unreadable);
    expect(await send('tone=c&tone=d', form)).toEqual(unreadable);
    const events = (await eventsOf(own, 'former')).toReversed();
    expect(events.map(({ data }) => data)).toEqual([{ tone: 'c' }, { tone: 'd flat', command: '/ring' }]);
    const record = await stage.storage.history.event('former', events[1]?.id ?? '');
    expect(Buffer.from(record?.original?.bytes ?? []).toString()).toBe('tone=d+flat&command=%2Fring');
  });
});

describe('I8 large, slow, nested and compressed bodies', () => {
  const stream = async (own: BellProcess, body: ReadableStream, headers: Readonly<Record<string, string>> = ring().headers) =>
    (await own.hub.handler(new Request(url, { method: 'POST', headers: { ...headers }, body, duplex: 'half' }))).status;

  it('reads of an endless body its limit and no more', async () => {
    let chunks = 0;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(32, 0, ++chunks && 65_536)),
    });
    expect(await stream(process, endless)).toBe(413);
    expect(chunks).toBeLessThanOrEqual(18);
  });

  it('decompresses nothing, however often it was compressed', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, 32));
    for (const encoding of ['gzip', 'br', 'deflate', 'zstd', `${'gzip, '.repeat(1_000)}gzip`, 'identity, gzip', '']) {
      const answer = await process.send(url, rawRing(bomb, { 'content-encoding': encoding }));
      expect([encoding.slice(0, 20), answer.status]).toEqual([encoding.slice(0, 20), 415]);
    }
    expect(await outcomeOf(process, url, rawRing(bomb))).toEqual(unreadable);
  });

  it.each([
    '['.repeat(100_000),
    '{"a":'.repeat(100_000),
    `${'['.repeat(65)}${']'.repeat(65)}`,
    `{"tone":${'['.repeat(64)}${']'.repeat(64)}}`,
  ])('refuses nesting beyond 64 levels', async (body) => {
    expect(await outcomeOf(process, url, rawRing(body))).toEqual(unreadable);
  });

  it('refuses more than 10,000 keys, unless the host or the connector says more', async () => {
    const body = { tone: 'c', many: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, 0])) };
    expect(await outcomeOf(process, url, ring({ body }))).toEqual(unreadable);
    expect(process.failed.at(-1)?.error.message).toBe('The body has more than 10000 keys.');
    const host = stage.process({ door: { webhooks: { maximumKeys: 20_000 } } });
    expect((await host.send(url, ring({ body }))).status).toBe(202);
    const connector = stage.process({ connector: bellConnector({ webhook: { maximumKeys: 20_000 } }) });
    expect((await connector.send(url, ring({ body }))).status).toBe(202);
  });

  it('gives up 500 senders of a byte a second after 10 seconds, while others are served', async () => {
    const stalled = Array.from({ length: 500 }, () => {
      let sent = 0;
      const drip = new ReadableStream({
        pull: (controller) =>
          new Promise((resolve) => {
            stage.clock.setTimer(() => {
              controller.enqueue(Buffer.from(sent++ === 0 ? '{' : ' '));
              resolve();
            }, 1_000);
          }),
      });
      return stream(process, drip);
    });
    for (let second = 0; second < 5; second += 1) await stage.clock.advance(1_000);
    expect((await process.send(url, ring())).status).toBe(202);
    for (let second = 0; second < 5; second += 1) await stage.clock.advance(1_000);
    expect(new Set(await Promise.all(stalled))).toEqual(new Set([408]));
    expect(await eventsOf(process)).toHaveLength(1);
  });

  it('is not asked about headers beyond what Node reads', async () => {
    const server = createServer(process.hub.nodeHandler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
    const headers = Array.from({ length: 3_000 }, (_, at) => `x-${at}: ${at}`).join('\r\n');
    socket.write(`POST ${new URL(url).pathname} HTTP/1.1\r\nhost: a\r\n${headers}\r\n\r\n`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
    socket.destroy();
    server.close();
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(process.failed).toEqual([]);
  });
});

describe('I9 JSON that two parsers read in two ways', () => {
  it.each([
    ['a key twice', '{"tone":"c","tone":"d"}'],
    ['a key twice, one of them escaped', '{"tone":"c","amount":1,"\\u0061mount":1000}'],
    ['a key twice, deep inside', '{"tone":"c","a":[{"b":{"c":1,"c":2}}]}'],
    ['half of a surrogate pair', '{"tone":"\\ud800"}'],
    ['half of a surrogate pair in a key', '{"tone":"c","\\udc00":1}'],
    ['a byte order mark', '\uFEFF{"tone":"c"}'],
    ['a trailing comma', '{"tone":"c",}'],
    ['a comment', '{"tone":"c"/**/}'],
    ['a single quote', "{'tone':'c'}"],
    ['a second value', '{"tone":"c"}{"tone":"d"}'],
    ['a zero before a number', '{"tone":"c","n":012}'],
    ['NaN', '{"tone":"c","n":NaN}'],
    ['Infinity', '{"tone":"c","n":-Infinity}'],
    ['a control character', '{"tone":"c\u0000"}'],
    ['a letter escaped that needs no escape', '{"tone":"\\x63"}'],
    ['a space that is none of JSON', '{"tone":\u00a0"c"}'],
  ])('refuses %s', async (_what, body) => {
    expect(await outcomeOf(process, url, rawRing(body))).toEqual(unreadable);
    expect(await eventsOf(process)).toEqual([]);
  });

  it('keeps numbers that no double can hold as their text, and the bytes as they came', async () => {
    const body = '{"tone":"c","id":9007199254740993,"big":18446744073709551615,"huge":1e400,"fine":9007199254740991}';
    expect((await process.send(url, rawRing(body))).status).toBe(202);
    const [event] = await eventsOf(process);
    expect(event?.data).toEqual({
      tone: 'c',
      id: '9007199254740993',
      big: '18446744073709551615',
      huge: '1e400',
      fine: 9_007_199_254_740_991,
    });
    const record = await stage.storage.history.event('acme', event?.id ?? '');
    expect(Buffer.from(record?.original?.bytes ?? []).toString()).toBe(body);
  });

  it.each([
    '{"tone":"c","__proto__":{"polluted":true}}',
    '{"tone":"c","a":[{"\\u005f_proto__":{"polluted":true}}]}',
    '{"tone":"c","constructor":{"prototype":{"polluted":true}},"then":{"x":1},"toJSON":1,"length":1e9,"hasOwnProperty":1}',
  ])('changes no prototype by %s', async (body) => {
    const intrinsics = () => [Object.prototype, Array.prototype, Function.prototype].map((each) => Reflect.ownKeys(each));
    const before = intrinsics();
    expect((await process.send(url, rawRing(body))).status).toBe(202);
    const [event] = await eventsOf(process);
    expect(JSON.stringify(event?.data)).not.toContain('__proto__');
    expect(Reflect.get({ ...Object(event?.data) }, 'polluted')).toBeUndefined();
    expect(intrinsics()).toEqual(before);
  });
});
