import { expect, it } from 'vitest';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { CallEnding, GuardedCall } from '../gateway/call-guard.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import { type ClosedLanes, connectionLane } from './lane-gates.ts';
import { nothingSeen } from './seen-traffic.ts';
import { createTrafficGuard } from './traffic-guard.ts';

function open(closed: ClosedLanes | undefined = new Map()) {
  const seen = nothingSeen();
  const notes: boolean[] = [];
  const guard = createTrafficGuard({
    clock: createManualClock(),
    lanes: { peek: () => closed, of: async () => closed ?? new Map(), forget: () => undefined },
    book: {
      note(_, __, isUrgent) {
        notes.push(isUrgent);
        return seen;
      },
    },
  });
  return { guard, seen, notes };
}

// The guard reads no more of a call than this.
const call = (changes: Partial<GuardedCall> = {}): GuardedCall =>
  ({ tenant: 'acme', connection: { id: 'c1' }, author: 'host', operation: null, ...changes }) as Partial<GuardedCall> as GuardedCall;

const ending = (changes: Partial<CallEnding> = {}): CallEnding => ({
  ...{ sent: true, status: 200, headers: {}, fault: null, durationMs: 12, requestBytes: 0, responseBytes: 0 },
  ...changes,
});

const fault = (code: ConstructorParameters<typeof PatchbayError>[0]['code']): PatchbayError => new PatchbayError({ code, message: 'No.' });

it('lets a call go at once where its lane is known, and says so without a promise', () => {
  const { guard } = open();
  expect(guard.admit(call())).toBeUndefined();
  const paused = new Map([[connectionLane('c1'), [{ tenant: 'acme', lane: 'connection:c1', reason: 'paused' as const, until: null }]]]);
  expect(() => open(paused).guard.admit(call())).toThrow(expect.objectContaining({ code: 'connection_paused', sent: 'no' }));
  // Its lane is closed, so that it is not claimed; one that is under way goes on.
  expect(open(paused).guard.admit(call({ author: 'connector', operation: 'file_ticket' }))).toBeUndefined();
});

it('counts how calls end, and in a hurry those that failed', () => {
  const { guard, seen, notes } = open();
  guard.ended(call(), ending());
  guard.ended(call({ author: 'connector', operation: 'file_ticket' }), ending({ status: 503, fault: fault('provider_unavailable') }));
  guard.ended(call(), ending({ status: null, fault: fault('network') }));
  expect(seen.calls).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]);
  expect(seen.latency.reduce((sum, count) => sum + count, 0)).toBe(2);
  expect(notes).toEqual([false, true, true]);
});

it('counts nothing that was not sent, was taken back on this side, or is a look of the hub', () => {
  const { guard, notes } = open();
  guard.ended(call(), ending({ sent: false, status: null, fault: fault('rate_limited') }));
  guard.ended(call(), ending({ status: null, fault: fault('aborted') }));
  guard.ended(call({ author: 'connector', operation: null }), ending());
  expect(notes).toEqual([]);
});
