import { describe, expect, it } from 'vitest';
import { parseCredential } from './credential-schema.ts';

const secret = 'tok-123456';
const errorOf = (value: unknown): unknown => {
  try {
    return parseCredential(value);
  } catch (error) {
    return error;
  }
};

describe('parseCredential', () => {
  it.each([
    { type: 'none' },
    { type: 'bearer', token: secret },
    { type: 'bearer', token: 'a' },
    { type: 'bearer', token: 'two words' },
    { type: 'basic', username: 'me@example.com', password: 'p:ä ß' },
    { type: 'basic', username: 'sk_live_key', password: '' },
    { type: 'basic', username: '', password: secret },
    { type: 'api_key', key: secret },
  ])('takes %j', (credential) => {
    expect(parseCredential(credential)).toEqual(credential);
  });

  it.each<unknown>([
    null,
    undefined,
    secret,
    {},
    [],
    { type: 'oauth', token: secret },
    { type: 'bearer' },
    { type: 'bearer', token: '' },
    { type: 'bearer', token: ' ' },
    { type: 'bearer', token: `${secret}\n` },
    { type: 'bearer', token: ` ${secret}` },
    { type: 'bearer', token: `${secret}\r\nx-evil: 1` },
    { type: 'bearer', token: `${secret}ü` },
    { type: 'bearer', token: [secret] },
    { type: 'bearer', token: secret, key: secret },
    { type: 'bearer', token: secret.repeat(2_000) },
    { type: 'basic', username: 'a:b', password: secret },
    { type: 'basic', username: 'a\n', password: secret },
    { type: 'basic', username: 'a', password: `${secret}\u0000` },
    { type: 'basic', username: 'a', password: `${secret}\ud800` },
    { type: 'basic', username: '', password: '' },
    { type: 'basic', password: secret },
    { type: 'api_key', key: '' },
    { type: 'api_key', key: `${secret}\t` },
  ])('refuses %j without repeating it', (credential) => {
    const error = errorOf(credential);
    expect(error).toMatchObject({ code: 'credential_missing' });
    expect(`${error} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}`).not.toContain(secret);
  });

  it.each([
    [{ type: 'bearer', token: 'a\n'.repeat(10_000) }, 'token'],
    [{ type: 'basic', username: 'a:b', password: 'c\n' }, 'username, password'],
    [{ type: 'bearer', token: secret, key: 'b', more: 'c' }, 'type'],
    [null, 'type'],
  ])('names each field at fault once', (credential, fields) => {
    expect(errorOf(credential)).toMatchObject({ message: expect.stringContaining(`(at fault: ${fields})`) });
  });
});
