import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sampleHash, sampleKey, sampleRecord } from './__fixtures__/sample-chain.ts';
import { createChainHash } from './chain-hash.ts';
import { encodeFields } from './encode-fields.ts';

const start = { seq: 0, hash: '' };
const record = sampleRecord(1);

it('is SHA-256 over the hash before and every field in its order', () => {
  const { id, at, details } = record;
  const fields = ['patchbay/audit/v1', '', 1, 'acme', id, at, 'user', 'user-1', 'connection.put', 'connection', 'connection-1', null];
  const bytes = encodeFields([...fields, 'succeeded', details, null]);
  expect(createChainHash(null).make(start, record)).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
});

it('depends on every field, on the hash before and on the number', () => {
  const hash = sampleHash();
  const others = [
    { tenant: 'globex' },
    { id: sampleRecord(2).id },
    { at: record.at + 1 },
    { actor: { kind: 'host', id: 'user-1' } },
    { actor: { kind: 'user', id: 'user-2' } },
    { action: 'connection.disconnect' },
    { object: { type: 'dispatch', id: 'connection-1' } },
    { object: { type: 'connection', id: 'connection-2' } },
    { connection: '' },
    { outcome: 'failed' },
    { details: '{}' },
    { correlation: '' },
  ] as const;
  const made = others.map((other) => hash.make(start, { ...record, ...other }));
  made.push(hash.make(start, record), hash.make({ seq: 1, hash: '' }, record), hash.make({ seq: 0, hash: 'x' }, record));
  expect(new Set(made).size).toBe(others.length + 3);
});

it('says by which key it was made, and is checked by every key that is known', () => {
  const before = createChainHash({ active: 'k1', keys: { k1: sampleKey('a') } });
  const after = createChainHash({ active: 'k2', keys: { k1: sampleKey('a'), k2: sampleKey('b') } });
  const [old, young, plain] = [before, after, createChainHash(null)].map((one) => one.make(start, record));
  expect(old).toMatch(/^k1:[0-9a-f]{64}$/);
  expect(young).toMatch(/^k2:/);
  expect([old, young, plain].map((hash) => after.check(start, record, hash ?? ''))).toEqual(['right', 'right', 'unkeyed']);
  expect([old, young, plain].map((hash) => before.check(start, record, hash ?? ''))).toEqual(['right', 'unknown_key', 'unkeyed']);
  for (const hash of ['', 'x', 'k1:', `${old}0`, `k2:${(old ?? '').slice(3)}`, 'sha256:', '__proto__:00', 'constructor:00'])
    expect(['wrong', 'unknown_key']).toContain(after.check(start, record, hash));
});
