import { describe, expect, it } from 'vitest';
import type { NoticeName } from '../notices/notices.ts';
import { claimedDispatch, policyWith, storeNow } from './__fixtures__/claimed-dispatch.ts';
import { giveNotice } from './give-notice.ts';
import type { Resolution } from './resolution.ts';
import { resolveOutcome } from './resolve-outcome.ts';

const clock = { now: () => storeNow };
const error = { code: 'network', message: 'Lost.' };

function noticesOf(dispatch: ReturnType<typeof claimedDispatch>, outcome: Parameters<typeof resolveOutcome>[0]['outcome']) {
  const given: (readonly [NoticeName, unknown])[] = [];
  const resolution: Resolution = resolveOutcome({ dispatch, policy: policyWith(), outcome, random: 0 });
  if (resolution.write === 'settle') giveNotice((name, notice) => given.push([name, notice]), clock, dispatch, resolution, 12);
  return given;
}

describe('notices of a try', () => {
  it('name the action, the attempt and the result', () => {
    expect(noticesOf(claimedDispatch({ lastAttempt: 2 }), { outcome: 'succeeded', output: '{"token":"hunter2"}' })).toEqual([
      [
        'action.executed',
        {
          tenant: 'acme',
          connectionId: 'main',
          actionId: 'act',
          dispatchId: '019b7600-0000-7000-8000-000000000001:0:call:call',
          attempt: 3,
          result: 'succeeded',
          error: null,
          durationMs: 12,
          at: storeNow,
        },
      ],
    ]);
  });

  it('name the subscriber that was called', () => {
    const dispatch = claimedDispatch({ handler: 'subscriber:index', operation: 'index', connection: null });
    expect(noticesOf(dispatch, { outcome: 'succeeded', output: null })).toMatchObject([['subscriber.called', { subscriber: 'index' }]]);
  });

  it('name the endpoint that a delivery went to, and whether it took it', () => {
    const { key } = claimedDispatch({});
    const dispatch = claimedDispatch({ handler: 'delivery', connection: null, key: { ...key, target: 'endpoint:e1', path: 'deliver' } });
    const place = { tenant: 'acme', endpointId: 'e1', eventId: key.root, attempt: 1, durationMs: 12 };
    expect(noticesOf(dispatch, { outcome: 'succeeded', output: null })).toMatchObject([['endpoint.delivered', place]]);
    const [failed] = noticesOf(dispatch, { outcome: 'failed', error, retryable: true });
    expect(failed).toMatchObject(['endpoint.failed', { ...place, error }]);
  });

  it.each([
    ['dispatch.retrying', { attempts: 0 }, { outcome: 'failed', error, retryable: true } as const, { attempt: 1, delayMs: 1_000 }],
    [
      'dispatch.dead',
      { attempts: 4 },
      { outcome: 'failed', error, retryable: true } as const,
      {
        attempts: 5,
        handler: 'action:service@1',
        operation: 'act',
        connectionId: 'main',
        runId: null,
        eventId: '019b7600-0000-7000-8000-000000000001',
      },
    ],
    ['dispatch.held', { attempts: 4 }, { outcome: 'unknown', error } as const, { handler: 'action:service@1' }],
  ])('say what follows: %s', (name, changes, outcome, fields) => {
    expect(noticesOf(claimedDispatch(changes), outcome).slice(1)).toMatchObject([[name, fields]]);
  });
});
