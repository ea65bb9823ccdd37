import { isPatchbayError, signatures } from '@patchbay/core';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bellConnector } from './bell-connector.ts';
import { type BellProcess, type BellStage, bellStage, eventsOf } from './bell-stage.ts';
import { type MalformedRequest, malformedRequests, signatureOf } from './malformed-requests.ts';

const key = Buffer.alloc(32, 'k');
const secret = `whsec_${key.toString('base64')}`;
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';

let stage: BellStage;
let process: BellProcess;
let url: string;
let now: number;

beforeEach(async () => {
  stage = bellStage();
  process = stage.process({ connector: bellConnector({ webhook: { scheme: signatures.standardWebhooks(), deliveryId: 'webhook-id' } }) });
  now = Math.floor(stage.clock.now() / 1_000);
  const handle = process.hub.tenant('acme');
  await handle.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
  ({ url } = await handle.webhooks.register({ connection: 'main', secret, trigger: 'rung' }));
});
afterEach(async () => {
  vi.useRealTimers();
  await stage.close();
});

/** As a web server hands it on, but with headers that no client could send: none of them is trimmed. */
function requestOf({ headers, body }: Pick<MalformedRequest, 'headers' | 'body'>): Request {
  const request = new Request(url, { method: 'POST', body });
  return Object.defineProperty(request, 'headers', { value: new Map(Object.entries(headers)) });
}

async function answerTo(request: Pick<MalformedRequest, 'headers' | 'body'>) {
  const response = await process.hub.handler(requestOf(request));
  const bytes = Buffer.from(await response.arrayBuffer()).toString('hex');
  return { status: response.status, headers: [...response.headers], bytes };
}

/** What the reference package says to the same bytes, at the same time. */
function answerOfReference({ headers, body }: MalformedRequest): 'accepted' | 'refused' | 'thrown' {
  try {
    new Webhook(secret).verify(body, { ...headers });
    return 'accepted';
  } catch (error) {
    return error instanceof WebhookVerificationError ? 'refused' : 'thrown';
  }
}

it('of more than 49 malformed requests none is accepted, and all get the same bytes', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1_000 });
  const malformed = malformedRequests(now, key);
  expect(malformed.length).toBeGreaterThanOrEqual(49);
  const refusal = await answerTo({ headers: {}, body: Buffer.from('{}') });
  expect(refusal.status).toBe(401);
  const reference = { accepted: [] as string[], refused: [] as string[], thrown: [] as string[] };
  for (const request of malformed) {
    expect([request.title, await answerTo(request)]).toEqual([request.title, refusal]);
    reference[answerOfReference(request)].push(request.title);
  }
  expect(await eventsOf(process)).toEqual([]);
  expect(process.failed.map(({ error }) => error.code)).toEqual(Array.from({ length: malformed.length + 1 }, () => 'signature_refused'));
  const { accepted, thrown } = reference;
  console.info(
    `Of ${malformed.length} malformed requests the hub accepts 0 and throws at 0; standardwebhooks 1.1.1 accepts ${accepted.length} and throws an error of another type at ${thrown.length}.`,
  );
});

it('the same request is accepted where nothing is malformed, with its signature among five and a version that nobody knows', async () => {
  const time = String(now);
  const body = Buffer.from('{"tone":"grüße"}');
  const good = `v1,${signatureOf({ id, time, body, key })}`;
  const wrong = `v1,${Buffer.alloc(32, 1).toString('base64')}`;
  const values = [good, [wrong, wrong, wrong, wrong, good].join(' '), [`v3,${'a'.repeat(20)}`, good].join(' ')];
  for (const [index, value] of values.entries()) {
    const one = `${id}_${index}`;
    const signature = value.replace(good, `v1,${signatureOf({ id: one, time, body, key })}`);
    const headers = { 'webhook-id': one, 'webhook-timestamp': time, 'webhook-signature': signature };
    expect([value, (await answerTo({ headers, body })).status]).toEqual([value, 202]);
  }
  expect(await eventsOf(process)).toHaveLength(3);
});

it.each([
  ['nothing', ''],
  ['the prefix alone', 'whsec_'],
  ['spaces', 'whsec_        '],
  ['no prefix', key.toString('base64')],
  ['no base64', 'whsec_not base64, whatever it is'],
  ['base64 of another alphabet', `whsec_${Buffer.alloc(24, 255).toString('base64url')}`],
  ['too few bytes', `whsec_${Buffer.alloc(15).toString('base64')}`],
  ['another prefix', `whsk_${key.toString('base64')}`],
  ['a public key that is too short', `whpk_${Buffer.alloc(31).toString('base64')}`],
])('a secret that is %s is refused when it is registered, and repeated nowhere', async (_what, odd) => {
  const { webhooks } = process.hub.tenant('acme');
  const error: unknown = await webhooks.register({ connection: 'main', secret: odd, trigger: 'muted' }).catch((thrown: unknown) => thrown);
  expect(isPatchbayError(error) ? error.code : error).toBe('credential_missing');
  if (odd.length > 6) expect(String(error)).not.toContain(odd);
});
