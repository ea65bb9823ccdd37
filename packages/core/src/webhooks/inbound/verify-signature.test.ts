import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmacSha256, type SignatureScheme, timestampedHmacSha256 } from '../../connector/signature-scheme.ts';
import { type SignatureCheck, verifySignature as verify } from './verify-signature.ts';

const key = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'));
const verifySignature = (
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
  check: SignatureCheck,
): unknown => verify({ method: 'POST', url: 'https://hub.example/webhooks/desk', ...request }, check);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const github = hmacSha256({ header: 'X-Hub-Signature-256', prefix: 'sha256=' });
const jira = hmacSha256({ header: 'X-Hub-Signature', prefix: 'sha256=' });
const slack = timestampedHmacSha256({ header: 'X-Slack-Signature', timestampHeader: 'X-Slack-Request-Timestamp', version: 'v0' });
const slackWithin = (toleranceSeconds: number): SignatureScheme =>
  timestampedHmacSha256({ header: 'X-Slack-Signature', timestampHeader: 'X-Slack-Request-Timestamp', version: 'v0', toleranceSeconds });
const plain = hmacSha256({ header: 'x-signature', encoding: 'base64' });

/** The services' own examples, with where they stand. */
const knownAnswers: readonly {
  readonly name: string;
  readonly scheme: SignatureScheme;
  readonly secret: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}[] = [
  {
    name: "GitHub's documentation, validating webhook deliveries",
    scheme: github,
    secret: "It's a Secret to Everybody",
    body: 'Hello, World!',
    headers: { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
  },
  {
    name: 'octokit/webhooks-methods.js, test/sign.test.ts',
    scheme: github,
    secret: 'mysecret',
    body: '{"foo":"bar"}',
    headers: { 'x-hub-signature-256': 'sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3' },
  },
  {
    name: "Slack's documentation, verifying requests from Slack",
    scheme: slack,
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    headers: {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
  },
  {
    name: "Jira's documentation, secure admin webhooks",
    scheme: jira,
    secret: "It's a Secret to Everybody",
    body: 'Hello World!',
    headers: { 'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9' },
  },
];
const now = 1_531_420_618_000;

describe.each(knownAnswers)('the known answer of $name', ({ scheme, secret, body, headers }) => {
  const check = { scheme, keys: [key(secret)], now };

  it('verifies', () => {
    expect(verifySignature({ headers, body: bytes(body) }, check)).toBe(true);
  });

  it('does not verify another body, not even by one byte at its end', () => {
    for (const other of [`${body} `, body.slice(0, -1), body.replace(/o/, '0'), '', `\uFEFF${body}`, `${body}\n`])
      expect(verifySignature({ headers, body: bytes(other) }, check)).toBe(false);
  });

  it('does not verify under another secret, an empty one, or none', () => {
    for (const keys of [[key(`${secret}x`)], [key(secret.slice(1))], [key(secret.toUpperCase())], [key('')], []])
      expect(verifySignature({ headers, body: bytes(body) }, { ...check, keys })).toBe(false);
  });

  it('does not verify without its header, or with the header under another name', () => {
    expect(verifySignature({ headers: {}, body: bytes(body) }, check)).toBe(false);
    const [value = ''] = Object.values(headers).filter((each) => each.includes('='));
    expect(verifySignature({ headers: { 'x-hub-signature-sha256': value, signature: value }, body: bytes(body) }, check)).toBe(false);
  });
});

describe('the shape of a signature', () => {
  const body = bytes('{"a":1}');
  const digest = createHmac('sha256', 'secret-secret').update(body).digest();
  const hex = digest.toString('hex');
  const check = { scheme: github, keys: [key('secret-secret')], now };
  const verifies = (value: string): unknown => verifySignature({ headers: { 'x-hub-signature-256': value }, body }, check);

  it('may be written in upper case, as some services do', () => {
    expect(verifies(`sha256=${hex.toUpperCase()}`)).toBe(true);
  });

  it.each([
    ['without the prefix', hex],
    ['with another prefix', `sha1=${hex}`],
    ['with the prefix in another spelling', `SHA256=${hex}`],
    ['with the prefix twice', `sha256=sha256=${hex}`],
    ['too short', `sha256=${hex.slice(0, 62)}`],
    ['too long', `sha256=${hex}00`],
    ['an odd number of digits', `sha256=${hex.slice(0, 63)}`],
    ['with a space before', ` sha256=${hex}`],
    ['with a space after the prefix', `sha256= ${hex}`],
    ['with a line break after', `sha256=${hex}\n`],
    ['with other letters that a lenient decoder would skip', `sha256=${hex.slice(0, 32)}zz${hex.slice(32)}`],
    ['with letters of another alphabet', `sha256=${hex.replace(/[0-9]/, '١')}`],
    ['in base64 where hex is wanted', `sha256=${digest.toString('base64')}`],
    ['twice, joined by a comma', `sha256=${hex}, sha256=${hex}`],
    ['beside a wrong one', `sha256=${'0'.repeat(64)},sha256=${hex}`],
    ['empty', ''],
    ['the prefix alone', 'sha256='],
  ])('is refused %s', (_what, value) => {
    expect(verifies(value)).toBe(false);
  });

  it('in base64 has one spelling: the unused bits of its last letter are zero', () => {
    const base64 = digest.toString('base64');
    const signed = (value: string): unknown =>
      verifySignature({ headers: { 'x-signature': value }, body }, { scheme: plain, keys: [key('secret-secret')], now });
    expect(signed(base64)).toBe(true);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const others = [...alphabet].map((letter) => `${base64.slice(0, 42)}${letter}=`).filter((each) => each !== base64);
    const sameBytes = others.filter((each) => Buffer.from(each, 'base64').equals(digest));
    expect(sameBytes).toHaveLength(3);
    for (const other of [...others, base64.slice(0, 43), `${base64}=`, base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, 43), hex])
      expect(signed(other)).toBe(false);
  });

  it('is not looked for among what every object inherits', () => {
    const scheme: SignatureScheme = { ...github, header: 'constructor' };
    expect(verifySignature({ headers: {}, body }, { ...check, scheme })).toBe(false);
  });

  it('verifies under each of several secrets, and no more than five are tried', () => {
    const right = key('secret-secret');
    const wrong = key('another-secret');
    const headers = { 'x-hub-signature-256': `sha256=${hex}` };
    const verified = (keys: readonly KeyObject[]): unknown => verifySignature({ headers, body }, { ...check, keys });
    expect(verified([wrong, right])).toBe(true);
    expect(verified([wrong, wrong, wrong, wrong, right])).toBe(true);
    expect(verified([wrong, wrong, wrong, wrong, wrong, right])).toBe(false);
  });

  it('made with an empty secret, which anybody knows, is refused though such a secret is configured', () => {
    const forged = createHmac('sha256', '').update(body).digest('hex');
    expect(verifySignature({ headers: { 'x-hub-signature-256': `sha256=${forged}` }, body }, { ...check, keys: [key('')] })).toBe(false);
  });
});

describe('a signed time', () => {
  const body = bytes('{"a":1}');
  const seconds = now / 1_000;
  const sign = (timestamp: string): Record<string, string> => ({
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${createHmac('sha256', 'secret-secret').update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  });
  const verifies = (headers: Readonly<Record<string, string>>, at = now, scheme: SignatureScheme = slack): unknown =>
    verifySignature({ headers, body }, { scheme, keys: [key('secret-secret')], now: at });

  it('holds for five minutes before and after', () => {
    expect(verifies(sign(String(seconds - 300)))).toBe(true);
    expect(verifies(sign(String(seconds + 300)))).toBe(true);
    expect(verifies(sign(String(seconds - 301)))).toBe(false);
    expect(verifies(sign(String(seconds + 301)))).toBe(false);
    expect(verifies(sign(String(seconds - 300)), now + 1)).toBe(false);
  });

  it.each([
    '123abc',
    ` ${seconds}`,
    `${seconds} `,
    `+${seconds}`,
    `-${seconds}`,
    `0${seconds}`,
    `${seconds}.9`,
    `${seconds}\n`,
    '1e9',
    '1.531420618e9',
    'Infinity',
    'NaN',
    '1e400',
    '0x5b479a0a',
    String(now),
    '',
    `${seconds}, ${seconds}`,
    '１５３１４２０６１８',
    '0000000000',
  ])('is refused as %j, although the signature is right', (timestamp) => {
    expect(verifies(sign(timestamp))).toBe(false);
  });

  it('is part of what is signed, and cannot be taken off or moved', () => {
    const signed = sign(String(seconds));
    expect(verifies(signed)).toBe(true);
    expect(verifies({ ...signed, 'x-slack-request-timestamp': String(seconds + 1) })).toBe(false);
    expect(verifies({ 'x-slack-signature': signed['x-slack-signature'] ?? '' })).toBe(false);
    const bare = createHmac('sha256', 'secret-secret').update(body).digest('hex');
    expect(verifies({ ...signed, 'x-slack-signature': `v0=${bare}` })).toBe(false);
    expect(verifies({ ...signed, 'x-slack-signature': (signed['x-slack-signature'] ?? '').replace('v0=', 'v1=') })).toBe(false);
  });

  it.each([Number.NaN, -1])('accepts nothing where the tolerance is %d', (toleranceSeconds) => {
    expect(verifies(sign(String(seconds)), now, slackWithin(toleranceSeconds))).toBe(false);
  });

  it('accepts nothing where our own clock says no time', () => {
    expect(verifies(sign(String(seconds)), Number.NaN)).toBe(false);
  });
});
