import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appJwtVector } from './__fixtures__/app-jwt-vector.ts';
import { algorithmOf, signAssertion } from './sign-assertion.ts';

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const pemOf = (key: (typeof pairs)[keyof typeof pairs]['privateKey']): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('signAssertion', () => {
  it.each(['pkcs8', 'pkcs1'] as const)('signs what the published vector of a GitHub App signs, with its key as %s', (form) => {
    const { claims, token, ...keys } = appJwtVector;
    expect(signAssertion({ algorithm: 'RS256', privateKey: keys[form], claims })).toBe(token);
  });

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('signs by %s what the public key verifies', (algorithm) => {
    const token = signAssertion({ algorithm, privateKey: pemOf(pairs[algorithm].privateKey), keyId: 'k1', claims: { iss: 'é' } });
    const [header = '', claims = '', signature = ''] = token.split('.');
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect([read(header), read(claims)]).toEqual([{ alg: algorithm, typ: 'JWT', kid: 'k1' }, { iss: 'é' }]);
    const key = createPublicKey(pairs[algorithm].publicKey.export({ type: 'spki', format: 'pem' }));
    const given = Buffer.from(`${header}.${claims}`);
    const isGenuine = verify(
      algorithm === 'EdDSA' ? null : 'sha256',
      given,
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    expect(isGenuine).toBe(true);
  });

  it.each([
    ['RS256', pairs.ES256.privateKey],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['ES256', pairs.EdDSA.privateKey],
    ['EdDSA', pairs.RS256.privateKey],
    ['EdDSA', generateKeyPairSync('x25519').privateKey],
  ] as const)('signs nothing by %s with a key of another kind', (algorithm, key) => {
    const privateKey = pemOf(key);
    const sign = () => signAssertion({ algorithm, privateKey, claims: {} });
    expect(sign).toThrow(expect.objectContaining({ code: 'credential_missing', sent: 'no' }));
    expect(sign).not.toThrow(privateKey.split('\n')[1]);
  });
});

it('knows the algorithm of each key', () => {
  for (const [algorithm, { privateKey }] of Object.entries(pairs)) expect(algorithmOf(privateKey)).toBe(algorithm);
});
