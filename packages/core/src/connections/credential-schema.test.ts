import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../net/__fixtures__/self-signed-certificate.ts';
import { parseCredential } from './credential-schema.ts';

const secret = 'tok-123456';
const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const client = selfSignedCertificate({ names: ['acme'], addresses: [] });
const another = selfSignedCertificate({ names: ['other'], addresses: [] });
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
    { type: 'headers', values: { 'x-app-id': 'a', 'x-app-key': secret } },
    { type: 'service_account', issuer: 'robot@example.com', privateKey: pem },
    { type: 'service_account', issuer: 'robot@example.com', privateKey: pem, keyId: 'k', subject: 'me@example.com' },
    { type: 'mutual_tls', certificate: client.cert, privateKey: client.key },
    { type: 'mutual_tls', certificate: client.cert + another.cert, privateKey: client.key },
    { type: 'signature', fields: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret } },
    { type: 'secret_url', url: 'https://hooks.example.com/services/tok-123456?a=b' },
    { type: 'client_credentials' },
    { type: 'client_credentials', scopes: ['read', 'https://api.example.com/.default'] },
    { type: 'client_credentials', clientId: 'me', clientSecret: secret },
    { type: 'client_credentials', clientId: 'me', privateKey: pem, keyId: 'k' },
    { type: 'app_installation', installation: '4711' },
    {
      type: 'app_installation',
      installation: 'a_b-C',
      issuer: 'me',
      privateKey: pem,
      narrow: { permissions: { issues: 'read' }, ids: [1] },
    },
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
    { type: 'headers', values: {} },
    { type: 'headers', values: { 'x-app-key': `${secret}\r\nx-evil: 1` } },
    { type: 'headers', values: { [secret]: '' } },
    { type: 'headers', values: [secret] },
    { type: 'service_account', issuer: 'robot@example.com', privateKey: secret },
    { type: 'service_account', privateKey: pem, issuer: `${secret}\n` },
    { type: 'mutual_tls', certificate: secret, privateKey: client.key },
    { type: 'mutual_tls', certificate: client.cert, privateKey: another.key },
    { type: 'mutual_tls', certificate: client.cert, privateKey: secret },
    { type: 'signature', fields: { [secret]: 7 } },
    { type: 'secret_url' },
    { type: 'secret_url', url: secret },
    { type: 'secret_url', url: `ftp://hooks.example.com/${secret}` },
    { type: 'secret_url', url: `https://${secret}@hooks.example.com/` },
    { type: 'secret_url', url: `https://hooks.example.com/#${secret}` },
    { type: 'secret_url', url: `https://hooks.example.com/${secret}\r\nx-evil: 1` },
    { type: 'secret_url', url: `https://hooks.example.com/${secret.repeat(500)}` },
    { type: 'client_credentials', clientSecret: secret },
    { type: 'client_credentials', clientId: secret },
    { type: 'client_credentials', clientId: 'me', clientSecret: secret, privateKey: pem },
    { type: 'client_credentials', clientId: 'me', clientSecret: secret, keyId: 'k' },
    { type: 'client_credentials', clientId: 'me', clientSecret: `${secret}\n` },
    { type: 'client_credentials', clientId: 'me', privateKey: secret },
    { type: 'client_credentials', scopes: [`${secret} ${secret}`] },
    { type: 'client_credentials', scopes: Array(501).fill('a') },
    { type: 'client_credentials', minted: { accessToken: secret, obtainedAt: 0 } },
    { type: 'app_installation' },
    { type: 'app_installation', installation: 4711 },
    { type: 'app_installation', installation: `../${secret}` },
    { type: 'app_installation', installation: '1', issuer: secret },
    { type: 'app_installation', installation: '1', privateKey: pem },
    { type: 'app_installation', installation: '1', issuer: 'me', privateKey: secret },
    { type: 'app_installation', installation: '1', narrow: secret },
    { type: 'signature', fields: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`${secret}${index}`, secret])) },
  ])('refuses %j without repeating it', (credential) => {
    const error = errorOf(credential);
    expect(error).toMatchObject({ code: 'credential_missing' });
    expect(`${error} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}`).not.toContain(secret);
    expect(`${error}`).not.toMatch(/PRIVATE KEY|[A-Za-z0-9+/]{40}/);
  });

  it.each([
    [{ type: 'bearer', token: `${secret}\n` }, 'token has a line break or space at its end: trim it'],
    [{ type: 'bearer', token: `${secret} ` }, 'token has a line break or space at its end: trim it'],
    [{ type: 'api_key', key: `\t${secret}` }, 'key has a line break or space at its beginning: trim it'],
    [{ type: 'bearer', token: `${secret}\r\nx-evil: 1` }, 'token has a line break or control character in it'],
    [{ type: 'bearer', token: `${secret}\u00fc` }, 'token has characters that are not printable ASCII'],
    [{ type: 'bearer', token: 'a\n'.repeat(10_000) }, 'token is longer than 16384 characters'],
    [{ type: 'bearer', token: '' }, 'token is empty'],
    [{ type: 'bearer', token: 7 }, 'token is not text'],
    [{ type: 'bearer' }, 'token is missing'],
    [{ type: 'basic', username: 'a:b', password: 'c\n' }, 'username has a colon in it; password has a line break at its end: trim it'],
    [
      { type: 'basic', username: 'u'.repeat(2_000), password: 'c\u0000d' },
      'username is longer than 1024 characters; password has a line break or control character in it',
    ],
    [{ type: 'basic', username: '', password: '' }, 'password is empty, and username too'],
    [{ type: 'bearer', token: secret, key: 'b', more: 'c' }, 'it has members that one of its type does not have'],
    [{ type: 'oauth', token: secret }, 'its type is missing or none of these'],
    [{}, 'its type is missing or none of these'],
    [null, 'it is not an object'],
    [secret, 'it is not an object'],
  ])('names each field at fault once, with the cause', (credential, faults) => {
    expect(errorOf(credential)).toMatchObject({ message: expect.stringContaining(`The credential cannot be used: ${faults}. Pass {`) });
  });

  it('says that there is none', () => {
    expect(errorOf(undefined)).toMatchObject({ message: expect.stringMatching(/^The `credential` is missing\. Pass \{/) });
  });
});
