import { describe, expect, it } from 'vitest';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { DataKey } from './data-key.ts';
import { type KeyRing, keyRing } from './key-ring.ts';
import { KeyRingCache } from './key-ring-cache.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function ringWithKey(): { ring: KeyRing; key: DataKey } {
  const key = new DataKey({ kekId: 'k1', keyId: 'd1', version: 1, bytes: new Uint8Array(32).fill(9) });
  const record = { keyId: 'd1', version: 1, wrapped: 'AQ==' };
  const ring = keyRing([record]);
  ring.unwrapped.set(record, key);
  return { ring, key };
}

function cacheOf(size: number) {
  const clock = createManualClock();
  return { clock, cache: new KeyRingCache({ clock, size, ttlMs: 1_000, checkMs: 1_000 }) };
}

describe('KeyRingCache', () => {
  it('keeps at most its size and drops what was used longest ago', () => {
    const { cache } = cacheOf(2);
    for (const tenant of ['a', 'b']) cache.set(tenant, ringWithKey().ring);
    cache.get('a');
    cache.set('c', ringWithKey().ring);
    expect(['a', 'b', 'c'].map((tenant) => cache.get(tenant) !== undefined)).toEqual([true, false, true]);
  });

  it('drops a ring when its time is over, however often it is used', () => {
    const { cache, clock } = cacheOf(2);
    cache.set('a', ringWithKey().ring);
    clock.advance(999);
    expect(cache.get('a')).toBeDefined();
    clock.advance(1);
    expect(cache.get('a')).toBeUndefined();
  });

  it.each(['evicted', 'expired', 'deleted', 'replaced'])('wipes a key that is %s, but not within the same turn', async (way) => {
    const { cache, clock } = cacheOf(1);
    const { ring, key } = ringWithKey();
    cache.set('a', ring);
    if (way === 'evicted') cache.set('b', ringWithKey().ring);
    if (way === 'expired') clock.advance(1_000);
    if (way === 'expired') cache.get('a');
    if (way === 'deleted') cache.delete('a');
    if (way === 'replaced') cache.set('a', ringWithKey().ring);
    const bytes = key.bytes;
    await Promise.resolve();
    expect(bytes).toEqual(new Uint8Array(32).fill(9));
    await nextTurn();
    expect(bytes).toEqual(new Uint8Array(32));
    expect(() => key.bytes).toThrow(expect.objectContaining({ code: 'internal', retryable: true }));
  });

  it('does nothing for a tenant that it does not have', () => {
    const { cache } = cacheOf(1);
    cache.delete('nobody');
    expect(cache.get('nobody')).toBeUndefined();
  });
});

describe('DataKey', () => {
  it('takes the bytes over and wipes those it was given', () => {
    const given = new Uint8Array(32).fill(9);
    const key = new DataKey({ kekId: 'k1', keyId: 'd1', version: 1, bytes: given });
    expect([key.bytes, given]).toEqual([new Uint8Array(32).fill(9), new Uint8Array(32)]);
  });
});
