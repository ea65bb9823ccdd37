import { expect, it } from 'vitest';
import { secretBytes } from './secret-coding.ts';

const bytes = Buffer.from('0123456789abcdef0123456789abcdef');

it.each([
  ['utf8', 'grüße', Buffer.from('grüße')],
  ['base64', bytes.toString('base64'), bytes],
  ['base64', bytes.toString('base64').replace('=', ''), bytes],
  ['hex', bytes.toString('hex').toUpperCase(), bytes],
  ['whsec', `whsec_${bytes.toString('base64')}`, bytes],
] as const)('reads a secret in %s', (coding, text, expected) => {
  expect(secretBytes(text, coding)).toEqual(expected);
});

it.each([
  ['utf8', ''],
  ['base64', ''],
  ['base64', 'short'],
  ['base64', `${bytes.toString('base64')}=`],
  ['base64', ` ${bytes.toString('base64')}`],
  ['base64', Buffer.alloc(24, 255).toString('base64url')],
  ['base64', `${bytes.toString('base64').slice(0, -2)}B=`],
  ['hex', bytes.toString('hex').slice(1)],
  ['hex', `0x${bytes.toString('hex')}`],
  ['hex', bytes.toString('hex').slice(0, 30)],
  ['whsec', bytes.toString('base64')],
  ['whsec', `WHSEC_${bytes.toString('base64')}`],
  ['whsec', 'whsec_'],
] as const)('makes nothing of what is no secret in %s: %j', (coding, text) => {
  expect(() => secretBytes(text, coding)).toThrow(expect.objectContaining({ code: 'credential_missing' }));
});
