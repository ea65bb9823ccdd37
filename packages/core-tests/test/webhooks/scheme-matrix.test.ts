import { createHmac, createPrivateKey, sign as signBytes } from 'node:crypto';
import { sign as octokitSign } from '@octokit/webhooks-methods';
import { type SignatureScheme, signatures } from '@patchbay/core';
import { signWebhook } from '@patchbay/testing';
import { SignJWT } from 'jose';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { verificationKey } from '../../../core/src/webhooks/inbound/signatures/verification-key.ts';
import { verifySignature } from '../../../core/src/webhooks/inbound/verify-signature.ts';
import { type Given, mutations } from './request-mutations.ts';
import knownAnswers from './signature-known-answers.json' with { type: 'json' };
import { type SentRequest, type SigningService, signingServices } from './signing-services.ts';
import { certificatesOf } from './sns-stand-in.ts';

const url = 'https://app.example.com/hub/webhooks/desk/0192d9c5-9f4c-7000-8000-000000000001';
const at = 1_790_000_000_000;
const certificates = certificatesOf(at);

const verify = async (name: SigningService['name'], request: SentRequest, secrets: readonly string[], now = at): Promise<boolean> => {
  const scheme = signatures.known[name];
  const keys = secrets.map((secret) => verificationKey(secret, scheme));
  return verifySignature(request, { scheme, keys, now, certificates });
};

function givenOf(service: SigningService): Given {
  const send: Given['send'] = (changes) => service.send({ secret: service.secret, url, at, note: 'first', ...changes });
  return { service, at, send, request: send({}) };
}

it('knows more than twelve services, and each is put to the test', () => {
  expect(signingServices.map(({ name }) => name).toSorted()).toEqual(Object.keys(signatures.known).toSorted());
  expect(signingServices.length).toBeGreaterThanOrEqual(12);
});

describe.each(signingServices)('a request of $name', (service) => {
  const given = givenOf(service);

  it('is accepted as the service sends it, with its secret among others, at both ends of the tolerance', async () => {
    expect(await verify(service.name, given.request, [service.secret])).toBe(true);
    expect(await verify(service.name, given.request, [service.otherSecret, service.secret])).toBe(true);
    if (service.timeless || service.bodiless) return;
    const seconds = service.name === 'linear' ? 60 : 300;
    for (const off of [-seconds, seconds]) {
      expect(await verify(service.name, given.request, [service.secret], at + off * 1_000)).toBe(true);
      expect(await verify(service.name, given.request, [service.secret], at + (off + Math.sign(off)) * 1_000)).toBe(false);
    }
  });

  it('is not accepted without a secret, under another, or under a sixth', async () => {
    expect(await verify(service.name, given.request, [])).toBe(false);
    expect(await verify(service.name, given.request, [service.otherSecret])).toBe(false);
    const five = Array.from({ length: 5 }, () => service.otherSecret);
    expect(await verify(service.name, given.request, [...five, service.secret])).toBe(false);
  });

  it('is not accepted with any of 25 and more mutations, and nothing throws', async () => {
    const accepted: string[] = [];
    let tried = 0;
    for (const [name, mutate] of [...Object.entries(mutations), ...Object.entries(ownMutations[service.name] ?? {})]) {
      const request = mutate(given);
      if (request === undefined || isSame(request, given.request)) continue;
      tried += 1;
      if (await verify(service.name, request, [service.secret])) accepted.push(name);
    }
    expect(accepted).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(25);
  });

  it('is not accepted with what another service sends', async () => {
    for (const other of signingServices) {
      if (JSON.stringify(signatures.known[other.name]) === JSON.stringify(signatures.known[service.name])) continue;
      const { request } = givenOf(other);
      expect([other.name, await verify(service.name, request, [service.secret])]).toEqual([other.name, false]);
    }
  });
});

function isSame(one: SentRequest, other: SentRequest): boolean {
  return one.method === other.method && one.url === other.url && one.body.equals(other.body) && sameHeaders(one, other);
}

const sameHeaders = (one: SentRequest, other: SentRequest): boolean =>
  JSON.stringify(Object.entries(one.headers).toSorted()) === JSON.stringify(Object.entries(other.headers).toSorted());

type Body = { readonly value: unknown };
const ofBody =
  (change: (body: Record<string, unknown>) => unknown) =>
  ({ request }: Given): SentRequest => ({ ...request, body: Buffer.from(JSON.stringify(change(JSON.parse(request.body.toString())))) });
const ofItems = (change: (items: Record<string, unknown>[]) => unknown) =>
  ofBody(({ value }) => ({ value: change(value as Record<string, unknown>[]) }) satisfies Body);
const certificateAt = (SigningCertURL: unknown) => ofBody((body) => ({ ...body, SigningCertURL }));
const genuineUrl = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem';

/** What only one service can be attacked with. */
const ownMutations: Readonly<Partial<Record<SigningService['name'], Readonly<Record<string, (given: Given) => SentRequest>>>>> = {
  'microsoft-graph': {
    'no list': ofBody(() => ({})),
    'a body that is a list': ofBody(() => [{ clientState: 'a secret of 24 characters' }]),
    'no item': ofItems(() => []),
    'a list that is none': ofItems(([first]) => first),
    'a list that is text': ofItems(() => 'a secret of 24 characters'),
    'a list under the name of a prototype': ofBody(({ value }) => ({ constructor: value })),
    'an item that is the token': ofItems(([first]) => [first, 'a secret of 24 characters']),
    'an item that is nothing': ofItems(([first]) => [first, null]),
    'an item that is a list': ofItems(([first]) => [first, []]),
    'the token in the item within an item': ofItems(([first]) => [first, { item: first }]),
    ...Object.fromEntries(
      [
        undefined,
        null,
        '',
        0,
        true,
        [],
        ['a secret of 24 characters'],
        {},
        'A secret of 24 characters',
        'a secret of 24 characters ',
        'a secret of 24 character',
        'a',
        'x'.repeat(2_000),
      ].map((clientState) => [
        `an item with the token ${JSON.stringify(clientState)?.slice(0, 40)}`,
        ofItems(([first, second]) => [first, { ...second, clientState }]),
      ]),
    ),
    'only the last item with the token': ofItems(([first, second]) => [{ ...first, clientState: 'other' }, second]),
    'no JSON': ({ request }) => ({ ...request, body: request.body.subarray(1) }),
    'invalid UTF-8': ({ request }) => ({ ...request, body: Buffer.concat([request.body, Buffer.from([0xff])]) }),
    'no body': ({ request }) => ({ ...request, body: Buffer.alloc(0) }),
  },
  'aws-sns': {
    ...Object.fromEntries(
      ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type', 'Signature', 'SignatureVersion', 'SigningCertURL'].flatMap(
        (field) => [
          [`no ${field}`, ofBody(({ [field]: _gone, ...rest }) => rest)],
          [`another ${field}`, ofBody((body) => ({ ...body, [field]: `${String(body[field])}x` }))],
          [`a ${field} that is a list`, ofBody((body) => ({ ...body, [field]: [body[field]] }))],
        ],
      ),
    ),
    'version 1 for a signature of version 2': ofBody((body) => ({ ...body, SignatureVersion: '1' })),
    'a version that is a number': ofBody((body) => ({ ...body, SignatureVersion: 2 })),
    'another type in the header': ({ request }) => ({ ...request, headers: { 'x-amz-sns-message-type': 'SubscriptionConfirmation' } }),
    'no type in the header': ({ request }) => ({ ...request, headers: {} }),
    'a raw delivery': ({ request }) => ({ ...request, headers: { ...request.headers, 'x-amz-sns-rawdelivery': 'true' } }),
    'an hour and a second late': ({ send }) => send({ at: at - 3_601_000 }),
    'an hour and a second early': ({ send }) => send({ at: at + 3_601_000 }),
    'a topic of another region': ({ send }) => send({ secret: 'arn:aws:sns:eu-west-1:123456789012:alarms' }),
    'a certificate over http': certificateAt(genuineUrl.replace('https:', 'http:')),
    'a certificate of another host': certificateAt(genuineUrl.replace('.amazonaws.com', '.amazonaws.com.evil.example')),
    'a certificate behind a user': certificateAt(genuineUrl.replace('https://', 'https://sns.us-east-1.amazonaws.com@evil.example/')),
    'a certificate of another port': certificateAt(genuineUrl.replace('.com/', '.com:8443/')),
    'a certificate of a bucket': certificateAt('https://s3.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem'),
    'a certificate of another region': certificateAt(genuineUrl.replace('us-east-1', 'eu-west-1')),
    'a certificate by another path': certificateAt(genuineUrl.replace('/Simple', '/a/Simple')),
    'a certificate by a path that climbs': certificateAt(genuineUrl.replace('/Simple', '/../Simple')),
    'a certificate with a query': certificateAt(`${genuineUrl}?a=1`),
    'a certificate that is none': certificateAt(genuineUrl.replace('0123abcd', 'none')),
    'a certificate that is not there': certificateAt(genuineUrl.replace('0123abcd', 'absent')),
    'a certificate for another name': certificateAt(genuineUrl.replace('0123abcd', 'stranger')),
    'a certificate whose time is over': certificateAt(genuineUrl.replace('0123abcd', 'old')),
    'a certificate with a short key': certificateAt(genuineUrl.replace('0123abcd', 'short')),
    'a certificate of another kind of key': certificateAt(genuineUrl.replace('0123abcd', 'curve')),
  },
};

/** Answers that services publish, or their own packages give. */
describe('a published vector is accepted', () => {
  it.each<KnownAnswer>(knownAnswers)('$id', async (answer) => {
    const scheme: SignatureScheme = schemeOfAnswer(answer.id);
    const secret = answer.secret ?? `whpk_${answer.publicKeyBase64}`;
    const headers = headersOfAnswer(answer);
    const now = Number(answer.timestamp ?? headers['x-slack-request-timestamp'] ?? at / 1_000) * 1_000;
    const keys = [verificationKey(secret, scheme)];
    const request = { method: 'POST', url, headers, body: Buffer.from(answer.body) };
    expect(await verifySignature(request, { scheme, keys, now })).toBe(true);
    expect(await verifySignature({ ...request, body: Buffer.from(`${answer.body} `) }, { scheme, keys, now })).toBe(false);
  });

  it('of @octokit/webhooks-methods', async () => {
    const body = '{"zen":"Keep it logically awesome.","umlaut":"ü"}';
    const headers = { 'x-hub-signature-256': await octokitSign('a secret of 24 characters', body) };
    const request = { method: 'POST', url, headers, body: Buffer.from(body) };
    expect(await verify('github', request, ['a secret of 24 characters'])).toBe(true);
  });

  it('of standardwebhooks', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const signature = new Webhook(secret).sign('msg_1', new Date(at), '{"a":"ü"}');
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(at / 1_000), 'webhook-signature': signature };
    expect(await verify('standard-webhooks', { method: 'POST', url, headers, body: Buffer.from('{"a":"ü"}') }, [secret])).toBe(true);
  });

  it('of jose', async () => {
    const secret = 'a client secret of an app';
    const token = await new SignJWT({ aud: ['desk', 'hub'] })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('jira')
      .setNotBefore(at / 1_000 + 60)
      .setExpirationTime(at / 1_000 - 59)
      .sign(Buffer.from(secret));
    const request = { method: 'POST', url, headers: { authorization: `Bearer ${token}` }, body: Buffer.from('{}') };
    const scheme = signatures.bearerJwt({ issuer: 'jira', audience: 'hub' });
    const keys = [verificationKey(secret, scheme)];
    expect(verifySignature(request, { scheme, keys, now: at })).toBe(true);
    for (const other of [
      signatures.bearerJwt({ issuer: 'github' }),
      signatures.bearerJwt({ audience: 'other' }),
      signatures.bearerJwt({ skewSeconds: 58 }),
    ])
      expect(verifySignature(request, { scheme: other, keys, now: at })).toBe(false);
  });
});

interface KnownAnswer {
  readonly id: string;
  readonly scheme: string;
  readonly secret?: string;
  readonly publicKeyBase64?: string;
  readonly msgId?: string;
  readonly timestamp?: number;
  readonly header?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expected?: string;
  readonly signature?: string;
  readonly body: string;
}

function schemeOfAnswer(id: string): SignatureScheme {
  if (id.startsWith('stdwh')) return signatures.known['standard-webhooks'];
  return signatures.known[id.startsWith('slack') ? 'slack' : id.startsWith('jira') ? 'jira' : 'github'];
}

function headersOfAnswer({
  expected = '',
  header,
  headers = {},
  id,
  msgId = '',
  scheme,
  signature = '',
  timestamp,
}: KnownAnswer): Record<string, string> {
  if (scheme.startsWith('standard-webhooks'))
    return { 'webhook-id': msgId, 'webhook-timestamp': String(timestamp), 'webhook-signature': expected };
  if (id.startsWith('slack'))
    return { 'x-slack-request-timestamp': headers['X-Slack-Request-Timestamp'] ?? '', 'x-slack-signature': signature };
  return { [(header ?? 'x-hub-signature-256').toLowerCase()]: signature || expected };
}

describe('a JWT', () => {
  const secret = 'a client secret of an app';
  const segment = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const tokenOf = (header: unknown, claims: unknown, key = secret): string => {
    const signed = `${segment(header)}.${segment(claims)}`;
    return `Bearer ${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
  };
  const exp = at / 1_000 + 60;
  const hs256 = { alg: 'HS256', typ: 'JWT' };
  const isAccepted = (authorization: string, scheme = signatures.bearerJwt()): unknown =>
    verifySignature(
      { method: 'POST', url, headers: { authorization }, body: Buffer.from('{}') },
      { scheme, keys: [verificationKey(secret, scheme)], now: at },
    );

  it('is good until 60 seconds after its end', () => {
    expect(isAccepted(tokenOf(hs256, { exp: at / 1_000 - 59 }))).toBe(true);
    expect(isAccepted(tokenOf(hs256, { exp: at / 1_000 - 60 }))).toBe(false);
    expect(isAccepted(tokenOf(hs256, { exp, nbf: at / 1_000 + 61 }))).toBe(false);
  });

  it('may do without an end only where the scheme says so', () => {
    expect(isAccepted(tokenOf(hs256, {}))).toBe(false);
    expect(isAccepted(tokenOf(hs256, {}), signatures.bearerJwt({ expiry: 'optional' }))).toBe(true);
    expect(isAccepted(tokenOf(hs256, { exp: '9999999999' }), signatures.bearerJwt({ expiry: 'optional' }))).toBe(false);
    expect(isAccepted(tokenOf(hs256, { exp: null }), signatures.bearerJwt({ expiry: 'optional' }))).toBe(false);
  });

  it.each<[string, string]>([
    ['says that nobody signed it', `Bearer ${segment({ alg: 'none' })}.${segment({ exp })}.`],
    ['says so with a signature', tokenOf({ alg: 'none' }, { exp })],
    ['names another algorithm', tokenOf({ alg: 'HS512' }, { exp })],
    ['names the algorithm otherwise', tokenOf({ alg: 'hs256' }, { exp })],
    ['names algorithms', tokenOf({ alg: ['HS256'] }, { exp })],
    ['has a critical part', tokenOf({ ...hs256, crit: ['b64'], b64: false }, { exp })],
    ['has a header that is no object', tokenOf('"HS256"', { exp })],
    ['has claims that are a list', tokenOf(hs256, [{ exp }])],
    ['has claims that are no JSON', tokenOf(hs256, '{')],
    ['is signed with the empty secret', tokenOf(hs256, { exp }, '')],
    ['has another scheme before it', tokenOf(hs256, { exp }).replace('Bearer', 'JWT')],
    ['has padding', `${tokenOf(hs256, { exp })}=`],
    ['has four parts', `${tokenOf(hs256, { exp })}.x`],
  ])('is refused where it %s', (_what, token) => {
    expect(isAccepted(token)).toBe(false);
  });
});

describe("Twilio's scheme", () => {
  const secret = 'a secret of 24 characters';
  const signed = (of: string) => ({ 'x-twilio-signature': createHmac('sha1', secret).update(of).digest('base64') });
  const isAccepted = (request: SentRequest) => verify('twilio', request, [secret]);
  const form = Buffer.from('b=2&a=1');

  it.each([
    ['without the port', url],
    ['with the port', url.replace('.com/', '.com:443/')],
  ])('takes the URL %s', async (_how, signedUrl) => {
    expect(await isAccepted({ method: 'POST', url, headers: signed(`${signedUrl}a1b2`), body: form })).toBe(true);
    expect(await isAccepted({ method: 'POST', url, headers: signed(`${signedUrl}b2a1`), body: form })).toBe(false);
  });

  it('takes an apostrophe in the query in either spelling', async () => {
    const request = { method: 'POST', url: `${url}?name=O%27Brien`, body: Buffer.alloc(0) };
    for (const spelling of ['O%27Brien', "O'Brien"])
      expect(await isAccepted({ ...request, headers: signed(`${url}?name=${spelling}`) })).toBe(true);
    expect(await isAccepted({ ...request, headers: signed(`${url}?name=O"Brien`) })).toBe(false);
  });

  it('takes a JSON body whose SHA-256 stands in the URL, and no other body', async () => {
    const body = Buffer.from('{"a":1}');
    const sha256 = '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862';
    const withHash = `${url}?bodySHA256=${sha256}`;
    const request = { method: 'POST', url: withHash, headers: signed(withHash), body };
    expect(await isAccepted(request)).toBe(true);
    expect(await isAccepted({ ...request, body: Buffer.from('{"a":2}') })).toBe(false);
    expect(await isAccepted({ ...request, body: Buffer.alloc(0) })).toBe(false);
  });

  it('refuses a form that says the same twice, which it would sign as once', async () => {
    for (const body of ['a=1&a=1', 'a=1&', '&a=1', 'a=1&&', 'a'])
      expect(await isAccepted({ method: 'POST', url, headers: signed(`${url}a1`), body: Buffer.from(body) })).toBe(false);
    expect(await isAccepted({ method: 'POST', url, headers: signed(`${url}a1`), body: Buffer.from('a=1') })).toBe(true);
  });
});

it("Stripe's scheme takes one of up to five signatures, passes over fields of other names, and takes no time twice", async () => {
  const secret = 'a secret of 24 characters';
  const time = String(at / 1_000);
  const good = `v1=${createHmac('sha256', secret).update(`${time}.{}`).digest('hex')}`;
  const wrong = `v1=${'0'.repeat(64)}`;
  const isAccepted = (fields: readonly string[]): Promise<boolean> =>
    verify('stripe', { method: 'POST', url, headers: { 'stripe-signature': fields.join(',') }, body: Buffer.from('{}') }, [secret]);
  expect(await isAccepted([`t=${time}`, good, `v0=${'1'.repeat(64)}`])).toBe(true);
  expect(await isAccepted([`t=${time}`, wrong, wrong, wrong, wrong, good])).toBe(true);
  for (const fields of [
    [good],
    [`t=${time}`, wrong, wrong, wrong, wrong, wrong, good],
    [`t=${time}`, `t=${time}`, good],
    [`t=${time}`, ...Array.from({ length: 12 }, () => 'v0=0'), good],
    [`t=${time}`, good, 'v1=0'],
    [`t=${time}`, good, 'v1'],
    [`t=${time}`, good, ''],
    [`t=${time}`, good, '=1'],
  ])
    expect([fields, await isAccepted(fields)]).toEqual([fields, false]);
});

it("HubSpot's scheme undoes the escapes that its documentation lists, and no others", async () => {
  const secret = 'a secret of 24 characters';
  const asked = `${url}?to=a%40b.example%2Fc&space=%20`;
  const spelled = `${url}?to=a@b.example/c&space=%20`;
  const headers = (of: string) => ({
    'x-hubspot-request-timestamp': String(at),
    'x-hubspot-signature-v3': createHmac('sha256', secret).update(`POST${of}{}${at}`).digest('base64'),
  });
  const request = { method: 'POST', url: asked, body: Buffer.from('{}') };
  expect(await verify('hubspot', { ...request, headers: headers(spelled) }, [secret])).toBe(true);
  expect(await verify('hubspot', { ...request, headers: headers(asked) }, [secret])).toBe(false);
});

it('a scheme over the path signs path and query without the host', () => {
  const scheme = signatures.hmac({ header: 'x-signature', signs: ['method', { text: ' ' }, 'target', { text: '\n' }, 'body'] });
  const secret = 'a secret of 24 characters';
  const request = { method: 'POST', url: `${url}?a=1`, body: Buffer.from('{}') };
  const headers = signWebhook(scheme, { ...request, secret });
  const { pathname } = new URL(url);
  expect(headers['x-signature']).toBe(createHmac('sha256', secret).update(`POST ${pathname}?a=1\n{}`).digest('hex'));
  const keys = [verificationKey(secret, scheme)];
  expect(verifySignature({ ...request, headers }, { scheme, keys, now: at })).toBe(true);
  expect(verifySignature({ ...request, url: `${url}?a=2`, headers }, { scheme, keys, now: at })).toBe(false);
});

it('a key of another kind than the signature needs verifies nothing', () => {
  const answer = knownAnswers.find(({ id }) => id === 'stdwh-v1a-ed25519');
  const seed = Buffer.from(answer?.privateKeyBase64_seed_pub ?? '', 'base64').subarray(0, 32);
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const time = String(at / 1_000);
  const signature = `v1a,${signBytes(null, Buffer.from(`m.${time}.{}`), privateKey).toString('base64')}`;
  const headers = { 'webhook-id': 'm', 'webhook-timestamp': time, 'webhook-signature': signature };
  const request = { method: 'POST', url, headers, body: Buffer.from('{}') };
  const scheme = signatures.standardWebhooks();
  const check = (secret: string): unknown => verifySignature(request, { scheme, keys: [verificationKey(secret, scheme)], now: at });
  expect(check(`whpk_${answer?.publicKeyBase64}`)).toBe(true);
  expect(check(`whsec_${answer?.publicKeyBase64}`)).toBe(false);
});
