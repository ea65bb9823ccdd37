import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { isGenuineCheckpoint, signCheckpoint } from './checkpoint.ts';

const point = { tenant: 'acme', seq: 7, hash: 'k1:00', at: 1_790_000_000_000 };
const pair = generateKeyPairSync('ed25519');
const secret = createSecretKey(Buffer.alloc(32, 7));
const kinds = [
  { name: 'an Ed25519 key', sign: pair.privateKey, check: pair.publicKey, other: generateKeyPairSync('ed25519').publicKey },
  { name: 'a secret key', sign: secret, check: secret, other: createSecretKey(Buffer.alloc(32, 8)) },
];

it.each(kinds)('is genuine where $name signed all of it', ({ sign, check, other }) => {
  const checkpoint = signCheckpoint(point, sign);
  expect(isGenuineCheckpoint(checkpoint, check)).toBe(true);
  expect(isGenuineCheckpoint(checkpoint, other)).toBe(false);
  const changes = [{ tenant: 'globex' }, { seq: 8 }, { hash: 'k1:01' }, { at: point.at + 1 }, { signature: null }, { signature: 'AA==' }];
  for (const change of changes) expect(isGenuineCheckpoint({ ...checkpoint, ...change }, check)).toBe(false);
});

it('is not signed without a key, and then not genuine', () => {
  const checkpoint = signCheckpoint(point, null);
  expect(checkpoint).toEqual({ ...point, signature: null });
  expect(isGenuineCheckpoint(checkpoint, secret)).toBe(false);
});
