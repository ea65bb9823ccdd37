import { describe, expect, it } from 'vitest';
import { parseAlertRule } from './parse-alert-rule.ts';

const plain = { on: 'dispatch.dead', levels: [{ channels: [{ host: 'pager' }] }] };

describe('a rule of alerts', () => {
  it('has its defaults filled in, and reads as it was written', () => {
    const parsed = parseAlertRule(plain, 'tenant');
    expect(parsed).toEqual({
      on: ['dispatch.dead'],
      where: {},
      per: 'subject',
      threshold: { count: 1, windowMs: 60_000 },
      severity: 'warning',
      levels: [{ afterMs: 0, channels: [{ host: 'pager' }] }],
      resolveAfterMs: 3_600_000,
      minimumOpenMs: 300_000,
      repeatEveryMs: null,
      tellResolved: true,
    });
    expect(parseAlertRule(JSON.parse(JSON.stringify(parsed)), 'tenant')).toEqual(parsed);
  });

  const host = (...afterMs: readonly number[]) => afterMs.map((after) => ({ afterMs: after, channels: [{ host: 'pager' }] }));
  it.each([
    ['no object', 'dispatch.dead'],
    ['a field that it has not', { ...plain, until: 1 }],
    ['nothing to watch', { ...plain, on: [] }],
    ['something unknown to watch', { ...plain, on: ['dispatch.dead', 'dispatch.lost'] }],
    ['no level', { ...plain, levels: [] }],
    ['six levels', { ...plain, levels: host(0, 1, 2, 3, 4, 5) }],
    ['levels out of order', { ...plain, levels: host(0, 2_000, 1_000) }],
    ['a level without a channel', { ...plain, levels: [{ channels: [] }] }],
    ['a channel of two kinds', { ...plain, levels: [{ channels: [{ host: 'pager', endpoint: 'ops' }] }] }],
    ['a channel of none', { ...plain, levels: [{ channels: [{}] }] }],
    ['a share of what comes only with trouble', { ...plain, threshold: { share: 0.5, minimum: 10, windowMs: 60_000 } }],
    ['a share of all', { ...plain, on: 'action.executed', threshold: { share: 1, minimum: 10, windowMs: 60_000 } }],
    ['a count and a share', { ...plain, threshold: { count: 1, share: 0.5, minimum: 1, windowMs: 60_000 } }],
    ['a window of no time', { ...plain, threshold: { count: 2, windowMs: 0 } }],
    ['an unknown severity', { ...plain, severity: 'fatal' }],
    ['text with control characters', { ...plain, where: { connection: 'a\u0000b' } }],
    ['no list of codes', { ...plain, where: { codes: [] } }],
    ['a reminder every second', { ...plain, repeatEveryMs: 1_000 }],
    ['a flag that is none', { ...plain, tellResolved: 'yes' }],
  ])('with %s is refused', (_what, rule) => {
    expect(() => parseAlertRule(rule, 'tenant')).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  it('of the operator names tenants, and is told to the host alone', () => {
    expect(parseAlertRule({ ...plain, where: { tenant: 'acme' } }, 'operator').where).toEqual({ tenant: 'acme' });
    expect(() => parseAlertRule({ ...plain, where: { tenant: 'acme' } }, 'tenant')).toThrow(/tenant/);
    expect(() => parseAlertRule({ ...plain, levels: [{ channels: [{ endpoint: 'ops' }] }] }, 'operator')).toThrow(/host/);
    expect(() => parseAlertRule({ ...plain, on: 'alert.undelivered' }, 'tenant')).toThrow(/operator/);
  });
});
