import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DispatchKey } from '../contracts/dispatch-records.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

const key: DispatchKey = { tenant: 'acme', root: 'r', target: 'automation:a', replay: 0, path: 'ticket' };
const anyKey = fc.record({ tenant: fc.string(), root: fc.string(), target: fc.string(), replay: fc.nat(), path: fc.string() });

describe('idempotencyKeyOf', () => {
  it('is the same for the same dispatch, on every attempt and in every process', () => {
    expect(idempotencyKeyOf(key).value).toBe('4WeP2XU8TLEcB7Z2BWpzj4yt3lamWGmn');
    expect(idempotencyKeyOf({ ...key }).value).toBe(idempotencyKeyOf(key).value);
  });

  it('is 32 characters that every provider takes', () => {
    fc.assert(fc.property(anyKey, (any) => /^[A-Za-z0-9_-]{32}$/.test(idempotencyKeyOf(any).value)));
  });

  it('is another for another dispatch', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (left, right) => {
        fc.pre(JSON.stringify(Object.entries(left).sort()) !== JSON.stringify(Object.entries(right).sort()));
        expect(idempotencyKeyOf(left).value).not.toBe(idempotencyKeyOf(right).value);
      }),
    );
    expect(idempotencyKeyOf({ ...key, tenant: 'ac', root: 'mer' }).value).not.toBe(
      idempotencyKeyOf({ ...key, tenant: 'acme', root: 'r' }).value,
    );
    expect(idempotencyKeyOf({ ...key, replay: 1 }).value).not.toBe(idempotencyKeyOf(key).value);
  });

  it('gives each further write a key of its own, the same every time', () => {
    const { child } = idempotencyKeyOf(key);
    expect(child('label').value).toBe(idempotencyKeyOf(key).child('label').value);
    const values = [idempotencyKeyOf(key), child('label'), child('close'), child('label').child('close')].map(({ value }) => value);
    expect(new Set(values).size).toBe(4);
  });
});
