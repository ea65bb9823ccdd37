import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { signatures } from '@patchbay/core';
import { selfSignedCertificate } from '../../../core/src/net/__fixtures__/self-signed-certificate.ts';

/** What a service is to send. */
export interface Sending {
  readonly secret: string;
  /** The URL that it was given. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Something that the body says. */
  readonly note: string;
}

/** A request as a service sends it. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How a service signs, written by hand after its documentation and apart from the hub's own data of it. */
export interface SigningService {
  readonly name: keyof typeof signatures.known;
  /** As it is registered, and as somebody else's would be. */
  readonly secret: string;
  readonly otherSecret: string;
  /** It signs no time, or none that is checked within five minutes. */
  readonly timeless?: boolean;
  /** Its token covers no body, or its signature some fields of one: bytes may change where they say the same. */
  readonly bodiless?: boolean;
  /** Its signature stands in the body. */
  readonly inBody?: boolean;
  send(sending: Sending): SentRequest;
}

const mac = (secret: string | Buffer, content: string, as: 'hex' | 'base64' = 'hex', hash = 'sha256'): string =>
  createHmac(hash, secret).update(content).digest(as);
const json = (note: string, more: object = {}): string => JSON.stringify({ note, tone: 'grüße', numbers: [1, 2, 3], ...more });
const secondsOf = (at: number): string => String(Math.floor(at / 1_000));

function post(url: string, body: string, headers: Record<string, string>): SentRequest {
  return { method: 'POST', url, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(body) };
}

type Signed = Pick<SigningService, 'name'> & Partial<SigningService> & Pick<SigningService, 'send'>;

const service = (given: Signed): SigningService => ({
  secret: 'a secret of 24 characters',
  otherSecret: 'somebody elses own secret',
  ...given,
});

const overBody = (name: SigningService['name'], headersOf: (body: string, secret: string) => Record<string, string>): SigningService =>
  service({
    name,
    timeless: true,
    send({ note, secret, url }) {
      const body = json(note);
      return post(url, body, headersOf(body, secret));
    },
  });

const versionZero = (name: 'slack' | 'zoom', header: string, timeHeader: string): SigningService =>
  service({
    name,
    send({ at, note, secret, url }) {
      const body = json(note);
      const time = secondsOf(at);
      return post(url, body, { [header]: `v0=${mac(secret, `v0:${time}:${body}`)}`, [timeHeader]: time });
    },
  });

const whsec = (letter: string): string => `whsec_${Buffer.alloc(32, letter).toString('base64')}`;

const standard = (name: 'gitlab' | 'standard-webhooks' | 'svix', prefix: string): SigningService =>
  service({
    name,
    secret: whsec('a'),
    otherSecret: whsec('b'),
    send({ at, note, secret, url }) {
      const body = json(note);
      const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signature = `v1,${mac(key, `${id}.${secondsOf(at)}.${body}`, 'base64')}`;
      return post(url, body, { [`${prefix}-id`]: id, [`${prefix}-timestamp`]: secondsOf(at), [`${prefix}-signature`]: signature });
    },
  });

const publicHex = (key: KeyObject): string => key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');

/** The certificate that the stand-in of SNS signs with. */
export const snsCertificate = selfSignedCertificate({ names: ['sns.amazonaws.com'], addresses: [], rsaBits: 2_048 });
const snsKey = createPrivateKey(snsCertificate.key);

function snsMessage({ at, note, secret, url }: Sending): SentRequest {
  const fields = {
    Message: json(note),
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    Subject: 'An alarm',
    Timestamp: new Date(at).toISOString(),
    TopicArn: secret,
    Type: 'Notification',
  };
  const content = Object.entries(fields).map(([name, value]) => `${name}\n${value}\n`);
  const Signature = sign('sha256', Buffer.from(content.join('')), snsKey).toString('base64');
  const SigningCertURL = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123abcd.pem';
  const headers = { 'x-amz-sns-message-type': 'Notification', 'content-type': 'text/plain; charset=UTF-8' };
  return post(url, JSON.stringify({ ...fields, SignatureVersion: '2', Signature, SigningCertURL }), headers);
}

const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Every service whose scheme the hub knows by name. */
export const signingServices: readonly SigningService[] = [
  overBody('github', (body, secret) => ({ 'x-hub-signature-256': `sha256=${mac(secret, body)}` })),
  overBody('jira', (body, secret) => ({ 'x-hub-signature': `sha256=${mac(secret, body)}` })),
  overBody('notion', (body, secret) => ({ 'x-notion-signature': `sha256=${mac(secret, body)}` })),
  overBody('dropbox', (body, secret) => ({ 'x-dropbox-signature': mac(secret, body) })),
  overBody('shopify', (body, secret) => ({ 'x-shopify-hmac-sha256': mac(secret, body, 'base64') })),
  {
    ...overBody('teams', (body, secret) => ({ authorization: `HMAC ${mac(Buffer.from(secret, 'base64'), body, 'base64')}` })),
    secret: Buffer.alloc(32, 'a').toString('base64'),
    otherSecret: Buffer.alloc(32, 'b').toString('base64'),
  },
  versionZero('slack', 'x-slack-signature', 'x-slack-request-timestamp'),
  versionZero('zoom', 'x-zm-signature', 'x-zm-request-timestamp'),
  service({
    name: 'stripe',
    send({ at, note, secret, url }) {
      const body = json(note);
      const time = secondsOf(at);
      return post(url, body, { 'stripe-signature': `t=${time},v1=${mac(secret, `${time}.${body}`)}` });
    },
  }),
  service({
    name: 'linear',
    send({ at, note, secret, url }) {
      const body = json(note, { webhookTimestamp: at });
      return post(url, body, { 'linear-signature': mac(secret, body) });
    },
  }),
  service({
    name: 'hubspot',
    send({ at, note, secret, url }) {
      const body = json(note);
      const headers = { 'x-hubspot-request-timestamp': String(at) };
      return post(url, body, { ...headers, 'x-hubspot-signature-v3': mac(secret, `POST${url}${body}${at}`, 'base64') });
    },
  }),
  service({
    name: 'square',
    timeless: true,
    send({ note, secret, url }) {
      const body = json(note);
      return post(url, body, { 'x-square-hmacsha256-signature': mac(secret, `${url}${body}`, 'base64') });
    },
  }),
  service({
    name: 'twilio',
    timeless: true,
    send({ note, secret, url }) {
      const fields = { To: '+18005551212', Body: note, From: '+14158675309', 'Caller Id': '=&' };
      const content = Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': mac(secret, `${url}${content.flat().join('')}`, 'base64', 'sha1'),
      };
      return post(url, new URLSearchParams(fields).toString(), headers);
    },
  }),
  standard('standard-webhooks', 'webhook'),
  standard('gitlab', 'webhook'),
  standard('svix', 'svix'),
  service({
    name: 'discord',
    secret: publicHex(ours.publicKey),
    otherSecret: publicHex(theirs.publicKey),
    send({ at, note, secret, url }) {
      const body = json(note);
      const { privateKey } = secret === publicHex(ours.publicKey) ? ours : theirs;
      const signature = sign(null, Buffer.from(`${secondsOf(at)}${body}`), privateKey).toString('hex');
      return post(url, body, { 'x-signature-ed25519': signature, 'x-signature-timestamp': secondsOf(at) });
    },
  }),
  { ...overBody('gitlab-token', (_body, secret) => ({ 'x-gitlab-token': secret })), bodiless: true },
  { ...overBody('google-channel', (_body, secret) => ({ 'x-goog-channel-token': secret })), bodiless: true },
  service({
    name: 'jira-dynamic',
    timeless: true,
    bodiless: true,
    send({ at, note, secret, url }) {
      const signed = `${segment({ alg: 'HS256', typ: 'JWT' })}.${segment({ iss: 'client', exp: Math.floor(at / 1_000) + 180 })}`;
      const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      return post(url, json(note), { authorization: `Bearer ${token}` });
    },
  }),
  service({
    name: 'microsoft-graph',
    timeless: true,
    bodiless: true,
    inBody: true,
    send({ note, secret, url }) {
      const items = [1, 2].map((id) => ({ subscriptionId: String(id), clientState: secret, resource: note }));
      return post(url, JSON.stringify({ value: items }), {});
    },
  }),
  service({
    name: 'aws-sns',
    timeless: true,
    bodiless: true,
    inBody: true,
    secret: 'arn:aws:sns:us-east-1:123456789012:alarms',
    otherSecret: 'arn:aws:sns:us-east-1:123456789012:other',
    send: snsMessage,
  }),
];
