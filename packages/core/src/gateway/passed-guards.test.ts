import { describe, expect, it } from 'vitest';
import { sampleConnector } from '../connector/__fixtures__/sample-connector.ts';
import { connectionRecord } from '../contracts/__fixtures__/connection-record.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { createManualClock } from '../net/__fixtures__/manual-clock.ts';
import type { CallEnding, CallGuard, GuardedCall } from './call-guard.ts';
import { PassedGuards } from './passed-guards.ts';

const call: GuardedCall = {
  tenant: 'acme',
  connection: {
    id: 'c1',
    name: 'sample/main',
    version: 1,
    updatedAt: 0,
    value: connectionRecord(),
  },
  definition: sampleConnector().definition,
  origin: 'https://api.example.com',
  method: 'GET',
  template: '/things/{}',
  author: 'host',
  operation: null,
  signal: new AbortController().signal,
  startedAt: 0,
  endsAt: 1_000,
  maximumWaitMs: 1_000,
};
const ending: CallEnding = { sent: true, status: 200, headers: {}, fault: null, durationMs: 5, requestBytes: 0, responseBytes: 2 };
const refusal = new PatchbayError({ code: 'rate_limited', message: 'Come again.', sent: 'no' });

const setUp = (...verdicts: readonly Verdict[]) => setUpWith({}, ...verdicts);
type Verdict = () => Promise<void> | undefined;

function setUpWith(changes: Partial<GuardedCall>, ...verdicts: readonly Verdict[]) {
  const seen: string[] = [];
  const guards = verdicts.map((verdict, index): CallGuard => {
    const name = String(index + 1);
    return {
      admit: (asked) => {
        expect(asked.connection).toBe(call.connection);
        seen.push(`in ${name}`);
        return verdict();
      },
      ended: (_asked, how) => seen.push(`out ${name} ${how.status}`),
    };
  });
  const clock = createManualClock();
  return { seen, clock, passed: new PassedGuards(guards, { ...call, ...changes }, clock) };
}

const atOnce = (): undefined => undefined;
const later = async (): Promise<void> => undefined;

describe('the guards of a request', () => {
  it('let it in one after the other, and are told of its end in reverse order', () => {
    const { seen, passed } = setUp(atOnce, atOnce, atOnce);
    expect(passed.enter()).toBeUndefined();
    passed.leave(ending);
    expect(seen).toEqual(['in 1', 'in 2', 'in 3', 'out 3 200', 'out 2 200', 'out 1 200']);
  });

  it('are asked no further while one of them holds it back', async () => {
    const held = Promise.withResolvers<void>();
    const { seen, passed } = setUp(atOnce, () => held.promise, later, atOnce);
    const entered = passed.enter();
    await Promise.resolve();
    expect(seen).toEqual(['in 1', 'in 2']);
    held.resolve();
    await entered;
    passed.leave(ending);
    expect(seen).toEqual(['in 1', 'in 2', 'in 3', 'in 4', 'out 4 200', 'out 3 200', 'out 2 200', 'out 1 200']);
  });

  it.each([
    ['at once', () => Promise.reject(refusal)],
    [
      'by a throw',
      () => {
        throw refusal;
      },
    ],
    ['after a while', () => later().then(() => Promise.reject(refusal))],
  ])('that refuse it %s are not told of its end, nor those behind them', async (_how, refuse) => {
    const { seen, passed } = setUp(atOnce, later, refuse, atOnce);
    await expect((async () => passed.enter())()).rejects.toBe(refusal);
    passed.leave({ ...ending, sent: false, status: null });
    expect(seen).toEqual(['in 1', 'in 2', 'in 3', 'out 2 null', 'out 1 null']);
  });

  it.each([
    ['is taken back', 'aborted', (stop: AbortController) => stop.abort()],
    [
      'has lost its lease',
      'lease_lost',
      (stop: AbortController) => stop.abort(new PatchbayError({ code: 'lease_lost', message: 'Gone.' })),
    ],
  ] as const)('hold a request that %s no longer, and one that lets it in later is told that nothing was sent', async (_what, code, act) => {
    const stop = new AbortController();
    const held = Promise.withResolvers<void>();
    const { seen, clock, passed } = setUpWith({ signal: stop.signal }, atOnce, () => held.promise, atOnce);
    const entered = expect(passed.enter()).rejects.toMatchObject({ code, sent: 'no' });
    act(stop);
    await entered;
    expect(passed.refusal).toMatchObject({ code });
    passed.leave({ ...ending, sent: false, status: null });
    held.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual(['in 1', 'in 2', 'out 1 null', 'out 2 null']);
    expect(clock.pending).toBe(0);
  });

  it('hold a request no longer than its time', async () => {
    const { clock, passed } = setUp(() => new Promise(() => undefined));
    const entered = expect(passed.enter()).rejects.toMatchObject({ code: 'timeout', sent: 'no', retryable: true });
    clock.advance(1_000);
    await entered;
  });

  it('are told once', () => {
    const { seen, passed } = setUp(atOnce);
    expect(passed.enter()).toBeUndefined();
    passed.leave(ending);
    passed.leave(ending);
    expect(seen).toEqual(['in 1', 'out 1 200']);
  });
});
