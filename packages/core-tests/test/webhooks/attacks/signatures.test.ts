import { createHmac, randomUUID } from 'node:crypto';
import { timestampedHmacSha256 } from '@patchbay/core';
import { signWebhook } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellConnector } from '../bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf, ring, secret, settle } from '../bell-stage.ts';
import { outcomeOf, rawRing, unreadable } from './raw-ring.ts';

const timed = timestampedHmacSha256({ header: 'x-bell-signature', timestampHeader: 'x-bell-time', version: 'v0' });

let stage: BellStage;
let process: BellProcess;

beforeEach(() => {
  stage = bellStage();
  process = stage.process();
});
afterEach(() => stage.close());

describe('I1 what is unsigned, or signed by no scheme or secret that is set', () => {
  it.each([undefined, null, {}, { kind: 'none' }, { kind: 'toString' }, 'hmac-sha256'])(
    'has no connector: %j for a scheme keeps it from loading',
    (scheme) => {
      expect(() => bellConnector({ webhook: { scheme } as object })).toThrow(expect.objectContaining({ code: 'connector_invalid' }));
    },
  );

  it('is refused without the header, and where no secret is set', async () => {
    const { registration } = await settle(process);
    const { body, headers } = ring();
    const { 'x-bell-signature': _gone, ...unsigned } = headers;
    expect((await process.send(registration.url, { body, headers: unsigned })).status).toBe(401);
    const app = stage.process({ connector: bellConnector({ accounts: true }) });
    expect((await app.send('https://host.example.com/hub/webhooks/bell', ring())).status).toBe(401);
    expect(await eventsOf(process)).toEqual([]);
  });
});

describe('I2 the bytes that are signed, and no reading of them', () => {
  it('are checked as they came: any other writing of the same value is refused', async () => {
    const { registration } = await settle(process);
    const { headers } = rawRing('{"tone":"ü"}');
    for (const body of [
      '{"tone":"\\u00fc"}',
      '{ "tone":"ü"}',
      '{"tone":"ü"}\n',
      '\uFEFF{"tone":"ü"}',
      Buffer.from('{"tone":"ü"}', 'latin1'),
      Buffer.from('{"tone":"ü"}', 'utf16le'),
    ])
      expect([body, (await process.send(registration.url, { body, headers })).status]).toEqual([body, 401]);
    expect((await process.send(registration.url, { body: '{"tone":"ü"}', headers })).status).toBe(202);
  });

  it('are UTF-8 without a mark, whatever charset is named, and never decompressed', async () => {
    const { registration } = await settle(process);
    const latin = Buffer.from('{"tone":"ü"}', 'latin1');
    for (const type of ['application/json; charset=iso-8859-1', 'application/json', 'application/json; charset=utf-16']) {
      expect(await outcomeOf(process, registration.url, rawRing(latin, { 'content-type': type }))).toEqual(unreadable);
      expect((await process.send(registration.url, rawRing('{"tone":"ü"}', { 'content-type': type }))).status).toBe(202);
    }
    expect(await outcomeOf(process, registration.url, rawRing('\uFEFF{"tone":"c"}'))).toEqual(unreadable);
    expect((await process.send(registration.url, rawRing('{"tone":"c"}', { 'content-encoding': 'gzip' }))).status).toBe(415);
  });
});

describe('I3 a signed time that is not exactly one', () => {
  it('is refused although its signature is right', async () => {
    const own = stage.process({ connector: bellConnector({ webhook: { scheme: timed } }) });
    const { registration } = await settle(own);
    const now = stage.clock.now() / 1_000;
    const send = (time: string) => {
      const body = '{"tone":"c"}';
      const digest = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
      return own.send(registration.url, {
        body,
        headers: { 'x-bell-delivery': randomUUID(), 'x-bell-time': time, 'x-bell-signature': `v0=${digest}` },
      });
    };
    const wrong = [
      '123abc',
      `+${now}`,
      `0${now}`,
      `${now}.9`,
      `${now}e0`,
      '1e9',
      '0123',
      'Infinity',
      '1e400',
      'NaN',
      '-1',
      '',
      `0x${now.toString(16)}`,
      `${now - 301}`,
      `${now + 301}`,
      `${now}000`,
      `${now}, ${now}`,
      `${now} ${now}`,
    ];
    for (const time of wrong) expect([time, (await send(time)).status]).toEqual([time, 401]);
    for (const time of [`${now}`, `${now - 300}`, `${now + 300}`]) expect([time, (await send(time)).status]).toEqual([time, 202]);
  });
});

describe('I4 fields whose bounds can be moved, and headers that come twice', () => {
  it('have one reading: the time cannot give letters to the body, nor the body to the time', async () => {
    const own = stage.process({ connector: bellConnector({ webhook: { scheme: timed } }) });
    const { registration } = await settle(own);
    const now = stage.clock.now() / 1_000;
    const signed = signWebhook(timed, { secret, body: '1:{"tone":"c"}', timestamp: now });
    const moved = { 'x-bell-delivery': 'd', ...signed, 'x-bell-time': `${now}:1` };
    expect((await own.send(registration.url, { headers: moved, body: '{"tone":"c"}' })).status).toBe(401);
  });

  it('are refused where a signature comes twice or a thousand times, or an id is no id', async () => {
    const { registration } = await settle(process);
    const { body, headers } = ring();
    const signature = headers['x-bell-signature'] ?? '';
    for (const value of [`${signature}, ${signature}`, `${signature},${signature}`, `${'0'.repeat(64)},`.repeat(1_000) + signature])
      expect((await process.send(registration.url, { body, headers: { ...headers, 'x-bell-signature': value } })).status).toBe(401);
    for (const id of ['a, b', 'a b', '', 'x'.repeat(201)])
      expect(await outcomeOf(process, registration.url, rawRing(JSON.stringify({ tone: id }), { 'x-bell-delivery': id }))).toEqual(
        unreadable,
      );
    expect(await eventsOf(process)).toEqual([]);
  });
});

describe('I6 a secret that is replaced', () => {
  it('holds beside the new one for 24 hours, and not a moment longer', async () => {
    const { handle, registration } = await settle(process);
    await handle.webhooks.register({ connection: 'main', secret: 'the-secret-after' });
    const statuses = async () => [
      (await process.send(registration.url, ring())).status,
      (await process.send(registration.url, ring({ secret: 'the-secret-after' }))).status,
      (await process.send(registration.url, ring({ secret: 'the-secret-never' }))).status,
    ];
    expect(await statuses()).toEqual([202, 202, 401]);
    await stage.clock.advance(86_399_000);
    expect(await statuses()).toEqual([202, 202, 401]);
    await stage.clock.advance(1_000);
    expect(await statuses()).toEqual([401, 202, 401]);
  });
});
