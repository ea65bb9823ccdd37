import { expect, it } from 'vitest';
import { alertOf } from './alert.ts';
import type { AlertEpisode, AlertFacts } from './alert-state.ts';

const nothing = { connector: null, connection: null, automation: null, endpoint: null, code: null, reference: null };

const textOf = (facts: Partial<AlertFacts>): string => {
  const subject = { kind: 'connection', id: 'c1' } as const;
  const known: AlertFacts = { tenant: 'acme', rule: 'dead', severity: 'info', signal: 'dispatch.dead', subject, ...nothing, ...facts };
  const times = { openedAt: 0, lastSeenAt: 0, recoveredAt: null, toldAt: null };
  const counts = { occurrences: 1, acknowledged: null, levels: 0, reminders: 0, heldBack: null, end: null };
  const episode: AlertEpisode = { id: 'a1', phase: 'open', facts: known, ...times, ...counts };
  return alertOf(episode).text;
};

it('is told in one line that is read as it stands, whoever has named its rule', () => {
  expect(textOf({ rule: 'Night\u202e\u2066 watch\u2028\u0085', code: 'provider_error' })).toBe(
    'Night  watch : dispatch.dead of connection c1, 1 time, last code provider_error.',
  );
});

it("is told without the words of a service that came as an error's code", () => {
  for (const code of ['<!channel> pay now', 'a\r\nBcc: eve@example.com', '<https://evil.example.com|here>', 'x'.repeat(101), ''])
    expect(textOf({ code })).toBe('dead: dispatch.dead of connection c1, 1 time, last code unknown.');
});

it('is bounded however long its names are', () => {
  expect(textOf({ rule: 'r'.repeat(10_000) }).length).toBe(500);
});
