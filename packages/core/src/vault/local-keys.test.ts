import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { localKeys } from './local-keys.ts';

const key = randomBytes(32);
const other = randomBytes(32).toString('hex');
const dataKey = randomBytes(32);
const associatedData = Buffer.from('tenant acme');
const encodings = [
  key.toString('base64'),
  key.toString('base64').replace('=', ''),
  key.toString('base64url'),
  key.toString('hex'),
  key.toString('hex').toUpperCase(),
];

describe('localKeys', () => {
  it('unwraps what it wrapped, whichever way the key is written', async () => {
    const wrapped = await localKeys({ active: 'k1', keys: { k1: encodings[0] } }).wrap({ dataKey, associatedData });
    expect(wrapped.kekId).toBe('k1');
    for (const text of encodings) {
      const unwrapped = await localKeys({ active: 'k1', keys: { k1: text } }).unwrap({ ...wrapped, associatedData });
      expect(Buffer.from(unwrapped)).toEqual(dataKey);
    }
  });

  it('wraps under the active key and unwraps under the others', async () => {
    const before = localKeys({ active: 'k1', keys: { k1: encodings[0] } });
    const after = localKeys({ active: 'k2', keys: { k1: encodings[0], k2: other } });
    const old = await before.wrap({ dataKey, associatedData });
    expect(Buffer.from(await after.unwrap({ ...old, associatedData }))).toEqual(dataKey);
    expect([after.activeKekId, (await after.wrap({ dataKey, associatedData })).kekId]).toEqual(['k2', 'k2']);
  });

  it('refuses a data key of another tenant, another key-encryption key and every changed bit', async () => {
    const keys = localKeys({ active: 'k1', keys: { k1: encodings[0], k2: other } });
    const { kekId, wrapped } = await keys.wrap({ dataKey, associatedData });
    const sealed = expect.objectContaining({ code: 'vault_sealed' });
    await expect(keys.unwrap({ kekId, wrapped, associatedData: Buffer.from('tenant evil') })).rejects.toThrow(sealed);
    await expect(keys.unwrap({ kekId: 'k2', wrapped, associatedData })).rejects.toThrow(sealed);
    for (let bit = 0; bit < wrapped.byteLength * 8; bit += 1) {
      const changed = Buffer.from(wrapped);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(keys.unwrap({ kekId, wrapped: changed, associatedData })).rejects.toThrow(sealed);
    }
  });

  it('names the key that is missing', async () => {
    const { wrapped } = await localKeys({ active: 'old', keys: { old: other } }).wrap({ dataKey, associatedData });
    const missing = (kekId: string) => expect.objectContaining({ code: 'vault_key_missing', message: expect.stringContaining(kekId) });
    await expect(localKeys({ active: 'k1', keys: { k1: encodings[0] } }).unwrap({ kekId: 'old', wrapped, associatedData })).rejects.toThrow(
      missing('old'),
    );
    expect(() => localKeys({ active: 'k9', keys: { k1: encodings[0] } })).toThrow(missing('k9'));
    expect(() => localKeys({ active: 'k1', keys: { k1: undefined } })).toThrow(missing('k1'));
    expect(() => localKeys({ active: 'k1', keys: { k1: '' } })).toThrow(missing('k1'));
  });

  it.each([
    ['a short key', randomBytes(31).toString('base64')],
    ['a long key', randomBytes(33).toString('base64')],
    ['a short hex key', randomBytes(31).toString('hex')],
    ['a passphrase', 'correct horse battery staple correct horse'],
    ['a passphrase of 32 characters', 'correct horse battery staple 123'],
    ['two trailing line ends', `${encodings[0]}\n\n`],
    ['a leading space', ` ${encodings[0]}`],
    ['a key in quotes', `"${encodings[0]}"`],
    ['a base64 text with spare bits', `${'A'.repeat(42)}B=`],
    ['32 zero bytes', Buffer.alloc(32).toString('base64')],
    ['one byte repeated', 'ab'.repeat(32)],
  ])('refuses %s without repeating it', (_name, text) => {
    const make = () => localKeys({ active: 'k1', keys: { k1: text } });
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    expect(make).not.toThrow(text.slice(0, 10));
  });

  it('takes a key with the line break at the end of its file', async () => {
    const wrapped = await localKeys({ active: 'k1', keys: { k1: encodings[0] } }).wrap({ dataKey, associatedData });
    for (const text of encodings.flatMap((each) => [`${each}\n`, `${each}\r\n`])) {
      const unwrapped = await localKeys({ active: 'k1', keys: { k1: text } }).unwrap({ ...wrapped, associatedData });
      expect(Buffer.from(unwrapped)).toEqual(dataKey);
    }
    expect(() => localKeys({ active: 'k1', keys: { k1: '\n' } })).toThrow(expect.objectContaining({ code: 'vault_key_missing' }));
    expect(() => localKeys({ active: 'k1', keys: { k1: `${other} ` } })).toThrow('The key "k1" has white space around it. Take it out.');
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'was not given the id of the active key'],
    ['one key as text', encodings[0], 'was not given the id of the active key'],
    ['no keys', { active: 'k1' }, 'was not given the id of the active key'],
    ['no active key', { keys: { k1: other } }, 'was not given the id of the active key'],
    ['a text for the keys', { active: 'k1', keys: other }, 'was not given the id of the active key'],
    ['a list for the keys', { active: '0', keys: [other] }, 'was not given the id of the active key'],
    ['a key as bytes', { active: 'k1', keys: { k1: key } }, 'The key "k1" is not text. Pass its 32 bytes in base64 or hex.'],
    ['a key that is null', { active: 'k1', keys: { k1: null } }, 'The key "k1" is not text.'],
  ])('refuses %s with what to pass, without repeating it', (_name, options, message) => {
    const make = () => localKeys(options as Parameters<typeof localKeys>[0]);
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }));
    expect(make).not.toThrow(other.slice(0, 10));
    expect(make).not.toThrow(encodings[0]?.slice(0, 10));
  });

  it('refuses a key id that an envelope cannot hold', () => {
    for (const kekId of ['', 'a b', 'k\n', 'ключ', 'k'.repeat(256)]) {
      expect(() => localKeys({ active: kekId, keys: { [kekId]: other } })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    }
  });
});
