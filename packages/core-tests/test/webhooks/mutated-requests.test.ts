import { slack } from '@patchbay/connector-slack';
import { createHub, hmacSha256, localKeys, timestampedHmacSha256 } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { fakeClock, signWebhook } from '@patchbay/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bellConnector } from './bell-connector.ts';

/** Requests in all, through the whole door; ten times as many go to the check alone (mutated-signatures). A failure names the seed that brings it back. */
const mutations = 10_000;

const secret = "It's a Secret to Everybody";
const clock = fakeClock();
const storage = memoryStorage({ clock });
const hex = hmacSha256({ header: 'x-hub-signature-256', prefix: 'sha256=' });
const base64 = hmacSha256({ header: 'x-signature', encoding: 'base64' });
const timed = timestampedHmacSha256({ header: 'x-slack-signature', timestampHeader: 'x-slack-request-timestamp', version: 'v0' });
type SignatureScheme = typeof hex;
const faults: string[] = [];

const hub = createHub({
  connectors: [
    bellConnector({ id: 'hex', webhook: { scheme: hex } }),
    bellConnector({ id: 'base64', webhook: { scheme: base64 } }),
    slack(),
  ],
  storage,
  clock,
  keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(2, 9).toString('base64') } }),
  publicUrl: 'https://host.example.com',
  webhooks: { rates: { url: { perSecond: 1_000_000, burst: 1_000_000 } } },
  apps: { slack: { webhookSecret: secret } },
  logger: { debug() {}, info() {}, warn() {}, error: (message) => faults.push(message) },
});

/** A request as a service would send it. */
interface Genuine {
  readonly url: string;
  readonly scheme: SignatureScheme;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const genuine: Genuine[] = [];
/** Where the same connector listens for somebody else, under another secret. */
const elsewhere: string[] = [];

beforeAll(async () => {
  const body = Buffer.from('{"type":"event_callback","event_id":"Ev1","team_id":"T1","tone":"grüße","numbers":[1,2,3]}');
  const signed = (scheme: SignatureScheme) => signWebhook(scheme, { secret, body, timestamp: clock.now() / 1_000 });
  for (const [id, scheme] of [['hex', hex] as const, ['base64', base64] as const]) {
    for (const tenant of ['acme', 'other']) {
      const { connections, webhooks } = hub.tenant(tenant);
      const { id: connection } = await connections.put('main', { connector: id, credential: { type: 'none' } });
      const { url } = await webhooks.register({ connection, secret: tenant === 'acme' ? secret : 'another secret' });
      if (tenant === 'acme') genuine.push({ url, scheme, body, headers: { 'x-bell-delivery': 'd1', ...signed(scheme) } });
      else elsewhere.push(url);
    }
  }
  genuine.push({ url: 'https://host.example.com/webhooks/slack', scheme: timed, body, headers: signed(timed) });
});
afterAll(async () => {
  await hub.stop();
  await storage.close();
});

async function statusOf({ url, headers, body }: Pick<Genuine, 'url' | 'headers' | 'body'>): Promise<number | 'not sendable'> {
  let request: Request;
  try {
    request = new Request(url, { method: 'POST', headers: { ...headers }, body });
  } catch {
    return 'not sendable';
  }
  return (await hub.handler(request)).status;
}

type Mutation = (given: Genuine) => Pick<Genuine, 'url' | 'headers' | 'body'>;

const place = fc.nat({ max: 1_000 });
const byte = fc.nat({ max: 255 });
const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    'null',
    'undefined',
    'sha256=',
    'sha1=',
    'v0=',
    'v1=',
    '=',
    ',',
    '../',
    '%00',
    '__proto__',
    '1e9',
    'Infinity',
  ),
  fc.string({ maxLength: 100 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.stringMatching(/^(sha256=|v0=)?[0-9a-f]{64}$/),
  fc.base64String({ minLength: 44, maxLength: 44 }),
);

const ofBody: fc.Arbitrary<Mutation> = fc
  .record({ how: fc.nat({ max: 6 }), at: place, value: byte, extra: fc.uint8Array({ minLength: 1, maxLength: 20 }) })
  .map(({ how, at, value, extra }) => ({ url, headers, body }) => {
    const index = at % body.length;
    const bytes = Buffer.from(body);
    bytes[index] = how === 0 ? value : (bytes[index] ?? 0) ^ (1 << (value % 8));
    const mutated = [
      bytes,
      bytes,
      Buffer.concat([body.subarray(0, index), extra, body.subarray(index)]),
      Buffer.concat([body.subarray(0, index), body.subarray(index + 1)]),
      body.subarray(0, index),
      Buffer.concat([Buffer.from('\uFEFF'), body]),
      Buffer.concat([body, body]),
    ];
    return { url, headers, body: mutated[how] ?? bytes };
  });

/** Puts something else where one of the scheme's headers was. */
const ofHeader: fc.Arbitrary<Mutation> = fc
  .record({ timestamp: fc.boolean(), how: fc.nat({ max: 9 }), at: place, text: oddText, value: byte })
  .map(({ timestamp, how, at, text, value }) => ({ url, scheme, headers, body }) => {
    const place = scheme.time?.in;
    const name = timestamp && place && 'header' in place ? place.header : scheme.header;
    const before = headers[name] ?? '';
    const index = at % before.length;
    const digit = String.fromCharCode(33 + (value % 94));
    const { [name]: _gone, ...rest } = headers;
    const values = [
      text,
      `${before}${text}`,
      `${text}${before}`,
      `${before.slice(0, index)}${digit}${before.slice(index + 1)}`,
      `${before.slice(0, index)}${text}${before.slice(index)}`,
      before.slice(0, index),
      `${before}, ${before}`,
      `${text},${before}`,
      // Another spelling of the last bits, where base64 leaves some unused.
      `${before.slice(0, -2)}${digit}${before.slice(-1)}`,
    ];
    const mutated = values[how];
    return { url, body, headers: mutated === undefined ? rest : { ...rest, [name]: mutated } };
  });

/** The right signature for something else. */
const ofMeaning: fc.Arbitrary<Mutation> = fc
  .record({
    how: fc.nat({ max: 4 }),
    seconds: fc.integer({ min: 301, max: 2_000_000_000 }),
    past: fc.boolean(),
    other: fc.string({ maxLength: 20 }),
  })
  .map(({ how, seconds, past, other }) => ({ url, scheme, headers, body }) => {
    const now = clock.now() / 1_000;
    const sign = (options: Partial<Parameters<typeof signWebhook>[1]>, by = scheme) => ({
      ...headers,
      ...signWebhook(by, { secret, body, timestamp: now, ...options }),
    });
    if (how === 0 && other !== secret) return { url, body, headers: sign({ secret: other }) };
    if (how === 1 && scheme.time !== undefined) return { url, body, headers: sign({ timestamp: past ? now - seconds : now + seconds }) };
    if (how === 2 && !Buffer.from(other).equals(body)) return { url, body, headers: sign({ body: other }) };
    if (how === 3) return { url: elsewhere[seconds % elsewhere.length] ?? url, body, headers };
    const others = genuine.filter((each) => each.scheme !== scheme);
    return { url, body, headers: { ...others[seconds % others.length]?.headers } };
  });

/** Hex digits mean the same in either case, so a signature spelled in the other is the same signature. */
const isSame = (one: Pick<Genuine, 'url' | 'headers' | 'body'>, { url, scheme, headers, body }: Genuine): boolean =>
  one.url === url &&
  one.body.equals(body) &&
  Object.entries(headers).every(([name, value]) => {
    const sent = one.headers[name];
    if (name !== scheme.header || scheme.encoding !== 'hex' || sent === undefined) return sent?.trim() === value;
    const start = value.length - 64;
    return sent.trim().slice(0, start) === value.slice(0, start) && sent.trim().slice(start).toLowerCase() === value.slice(start);
  });

it(`of ${mutations} mutated requests none is accepted, and each gets the one refusal`, { timeout: 120_000 }, async () => {
  for (const each of genuine) expect(await statusOf(each)).toBeLessThan(300);
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 2 }), fc.oneof(ofBody, ofHeader, ofMeaning), async (which, mutate) => {
      const given = genuine[which] as Genuine;
      const mutated = mutate(given);
      if (isSame(mutated, given)) return;
      const status = await statusOf(mutated);
      if (status === 'not sendable') return;
      sent += 1;
      expect(status).toBe(401);
    }),
    { numRuns: mutations },
  );
  expect(sent).toBeGreaterThan(mutations * 0.8);
  expect(faults).toEqual([]);
  const committed = await Promise.all(['acme', 'other'].map(async (tenant) => (await hub.tenant(tenant).events.list()).items.length));
  expect(committed).toEqual([2, 0]);
});
