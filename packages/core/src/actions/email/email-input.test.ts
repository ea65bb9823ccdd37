import { describe, expect, it } from 'vitest';
import { emailInput } from './email-input.ts';
import { checkEmail, resolveSender, resolveTransport } from './email-options.ts';
import { parseMailbox } from './mailbox.ts';

describe('a mailbox', () => {
  it.each([
    ['ada@example.com', { address: 'ada@example.com', name: '' }],
    ['Ada Lovelace <ada+x@sub.example.com>', { address: 'ada+x@sub.example.com', name: 'Ada Lovelace' }],
    ['"Lovelace, Ada" <ada@example.com>', { address: 'ada@example.com', name: 'Lovelace, Ada' }],
    ['<ada@example.com>', { address: 'ada@example.com', name: '' }],
    ['grüße@example.com', undefined],
    ['ada@bücher.example', { address: 'ada@bücher.example', name: '' }],
  ])('%s is read', (text, mailbox) => {
    expect(parseMailbox(text)).toEqual(mailbox);
  });

  it.each([
    ...['', 'ada', 'ada@', '@example.com', 'a b@example.com', 'ada@example..com', 'ada@-example.com'],
    ...['ada@example.com, bob@example.com', 'ada@example.com;bob@example.com', 'a@example.com b@example.com', 'Group: ada@example.com;'],
    ...['ada@example.com\r\nBcc: eve@example.com', 'ada@example.com\nBcc: eve@example.com', 'ada@example.com\r', 'ada@example.com\u0000'],
    ...[
      'Ada\r\nBcc: eve@example.com <ada@example.com>',
      'Ada\u2028 <ada@example.com>',
      'Ada\u202e <ada@example.com>',
      'Ada "x <ada@example.com>',
    ],
    ...[
      'ada@example.com> RCPT TO:<eve@example.com',
      '"<eve@example.com>" <ada@example.com',
      'ada@example.com (comment)',
      '"a b"@example.com',
    ],
    ...[
      `${'a'.repeat(65)}@example.com`,
      `a@${'b'.repeat(64)}.com`,
      `a@${'b.'.repeat(200)}com`,
      'ada@[127.0.0.1]',
      '=?utf-8?q?=0d=0a?= <a>',
    ],
  ])('%j is none', (text) => {
    expect(parseMailbox(text)).toBeUndefined();
  });
});

describe('the input of a mail', () => {
  const mail = { to: 'ada@example.com', subject: 'Hello', text: 'Hello.' };

  it.each([
    [{ ...mail, subject: 'Hello\r\nBcc: eve@example.com' }, 'subject'],
    [{ ...mail, subject: 'Hello\nX: y' }, 'subject'],
    [{ ...mail, subject: '' }, 'subject'],
    [{ ...mail, subject: 'x'.repeat(501) }, 'subject'],
    [{ ...mail, replyTo: 'a@example.com\r\nX: y' }, 'replyTo'],
    [{ ...mail, to: [] }, 'to'],
    [{ ...mail, to: Array.from({ length: 51 }, (_, index) => `a${index}@example.com`) }, 'to'],
    [{ ...mail, text: undefined }, 'a mail has a text'],
    [{ ...mail, text: 'x'.repeat(500_001) }, 'text'],
    [{ ...mail, headers: { 'X-Evil': 'y' } }, 'headers'],
    [{ ...mail, attachments: [{ path: '/etc/passwd' }] }, 'attachments'],
    [{ ...mail, from: 'eve@example.com' }, 'from'],
  ])('%# is refused, naming what is wrong', (given, place) => {
    const { error } = emailInput.safeParse(given);
    expect(JSON.stringify(error?.issues)).toContain(place);
  });

  it('has at most 50 recipients, all kinds together', () => {
    const some = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}${index}@example.com`);
    expect(emailInput.safeParse({ ...mail, to: some(20, 'a'), cc: some(20, 'b'), bcc: some(10, 'c') }).success).toBe(true);
    expect(emailInput.safeParse({ ...mail, to: some(20, 'a'), cc: some(20, 'b'), bcc: some(11, 'c') }).success).toBe(false);
  });
});

describe('the options of mail', () => {
  const secret = 'canary-3b1d';
  it.each([
    [{ transport: { host: 'smtp.example.com\r\nX' }, from: 'a@example.com' }, 'host'],
    [{ transport: { host: 'smtp.example.com', port: 0 }, from: 'a@example.com' }, 'port'],
    [{ transport: { host: 'smtp.example.com', auth: { user: 'a', pass: '' } }, from: 'a@example.com' }, 'auth'],
    [{ transport: { host: 'smtp.example.com', dangerouslyPlain: true, auth: { user: 'a', pass: secret } }, from: 'a@example.com' }, 'auth'],
    [{ transport: { host: 'smtp.example.com', dangerouslyPlain: true, secure: true }, from: 'a@example.com' }, 'secure'],
    [{ transport: { host: 'smtp.example.com', password: secret }, from: 'a@example.com' }, 'password'],
    [{ transport: { host: 'smtp.example.com' }, from: 'nobody' }, 'from'],
    [{ transport: { host: 'smtp.example.com' }, from: 'a@example.com', to: 'b@example.com' }, 'to'],
  ])('%# are refused, naming what is wrong and repeating nothing', (options, place) => {
    // Plain JavaScript gets past the types.
    const check = () => checkEmail(options as unknown as Parameters<typeof checkEmail>[0]);
    expect(check).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(place) }));
    expect(check).not.toThrow(secret);
  });

  it('have TLS, and the port that goes with it, unless they say otherwise', () => {
    expect(resolveTransport({ host: 'smtp.example.com' })).toMatchObject({ port: 587, secure: false, isPlain: false, auth: undefined });
    expect(resolveTransport({ host: 'smtp.example.com', secure: true })).toMatchObject({ port: 465, secure: true });
    expect(resolveTransport({ host: 'smtp.example.com', port: 465 })).toMatchObject({ secure: true });
    expect(resolveSender('Example <hello@example.com>')).toEqual({ name: 'Example', address: 'hello@example.com' });
  });
});
