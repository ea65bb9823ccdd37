import { describe, expect, it } from 'vitest';
import type { AlertEpisode } from './alert-state.ts';
import { nextAct } from './next-act.ts';
import { parseAlertRule } from './parse-alert-rule.ts';

const minute = 60_000;
const definition = parseAlertRule(
  {
    on: 'dispatch.dead',
    levels: [{ channels: [{ host: 'pager' }] }, { afterMs: 15 * minute, channels: [{ host: 'chief' }] }],
    minimumOpenMs: 5 * minute,
    resolveAfterMs: 30 * minute,
    repeatEveryMs: 10 * minute,
  },
  'tenant',
);

const episode = (more: Partial<AlertEpisode> = {}): AlertEpisode => ({
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  phase: 'open',
  facts: {
    ...{ tenant: 'acme', rule: 'dead', severity: 'warning', signal: 'dispatch.dead', subject: { kind: 'rule', id: 'x' } },
    ...{ connector: null, connection: null, automation: null, endpoint: null, code: null, reference: null },
  },
  ...{ openedAt: 0, lastSeenAt: 0, occurrences: 1, recoveredAt: null, acknowledged: null },
  ...{ levels: 0, toldAt: null, reminders: 0, heldBack: null, end: null },
  ...more,
});

const at = (now: number, more: Partial<AlertEpisode> = {}) => nextAct(definition, episode(more), now);
const told = { levels: 1, toldAt: 0 };

describe('what is due for an open alert', () => {
  it.each([
    ['its first level at once', at(0), { does: 'tell', level: 0 }],
    ['nothing until the first reminder', at(minute, told), { does: 'wait', forMs: 9 * minute }],
    ['a reminder', at(10 * minute, told), { does: 'remind' }],
    ['the next level, before a reminder', at(15 * minute, told), { does: 'tell', level: 1 }],
    ['the end, before a level that is due too', at(30 * minute, told), { does: 'close', why: 'quiet' }],
    [
      'no end while it goes on',
      at(30 * minute, { levels: 2, toldAt: 25 * minute, lastSeenAt: 20 * minute }),
      { does: 'wait', forMs: 5 * minute },
    ],
    ['no end before its minimum time', at(minute, { ...told, recoveredAt: minute }), { does: 'wait', forMs: 4 * minute }],
    [
      'the end once it has recovered for long enough',
      at(5 * minute, { ...told, recoveredAt: minute }),
      { does: 'close', why: 'recovered' },
    ],
    [
      'neither level nor reminder once it was taken on',
      at(20 * minute, { ...told, acknowledged: { by: 'user:ada', at: 1 } }),
      { does: 'wait', forMs: 10 * minute },
    ],
  ])('is %s', (_what, next, expected) => {
    expect(next).toEqual(expected);
  });

  it('is a look within the hour at the latest', () => {
    const calm = { ...definition, resolveAfterMs: null, repeatEveryMs: null };
    expect(nextAct(calm, episode({ levels: 2, toldAt: 0 }), minute)).toEqual({ does: 'wait', forMs: 60 * minute });
  });
});
