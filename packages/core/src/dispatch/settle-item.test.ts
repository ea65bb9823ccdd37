import { expect, it } from 'vitest';
import { claimedDispatch, runRecord } from './__fixtures__/claimed-dispatch.ts';
import { resolveOutcome } from './resolve-outcome.ts';
import { compareHandles, settleItemOf, sizeOfSettle, unstorable } from './settle-item.ts';

const output = 'x'.repeat(10_000);
const resolution = unstorable('succeeded');
const dispatch = claimedDispatch();

it('counts a settlement by the texts that it carries', () => {
  const { key, revision } = runRecord();
  const next = { ...dispatch, input: 'y'.repeat(5_000), delayMs: 0 };
  const change = { key, revision, status: 'running', state: 'z'.repeat(2_000), error: null, next: [next] } as const;
  const succeeded = resolveOutcome({
    dispatch,
    policy: {} as never,
    outcome: { outcome: 'succeeded', output },
    random: 0,
  });
  if (succeeded.write !== 'settle') throw new Error('A success is settled.');
  const full = settleItemOf({ dispatch, resolution: succeeded, durationMs: 1, change, lease: null });
  const bare = settleItemOf({ dispatch, resolution, durationMs: 1, change: null, lease: null });
  expect(sizeOfSettle(full) - sizeOfSettle(bare)).toBe(17_000);
});

it('records what a try told of its exchange', () => {
  const told = { ...resolution, exchange: '{"status":503}' };
  const item = settleItemOf({ dispatch, resolution: told, durationMs: 1, change: null, lease: null });
  expect(item.attempt.exchange).toBe('{"status":503}');
  const bare = settleItemOf({ dispatch, resolution, durationMs: 1, change: null, lease: null });
  expect(bare.attempt.exchange).toBeNull();
  expect(sizeOfSettle(item) - sizeOfSettle(bare)).toBe(14);
});

it('asks for no lease where nothing follows', () => {
  const lease = { holder: 'worker-a', ttlMs: 1, limit: 1 };
  expect(settleItemOf({ dispatch, resolution, durationMs: 1, change: null, lease }).lease).toBeNull();
});

it('orders leases by their handles', () => {
  const held = (handle: string) => ({ tenant: 'acme', handle, fence: 1 });
  expect(
    ['b', 'a', 'b', 'c']
      .map(held)
      .sort(compareHandles)
      .map(({ handle }) => handle),
  ).toEqual(['a', 'b', 'b', 'c']);
});
