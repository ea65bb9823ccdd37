import { describe, expect, it } from 'vitest';
import { buildEvent, type EventInput, isEventSubject, isEventTime, toHubEvent } from './build-event.ts';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const cause = '01890a5d-ac96-774b-bcce-b302099a8058';
const input: EventInput = {
  tenant: 'acme',
  id,
  type: 'order.placed',
  time: 1_767_225_600_000,
  class: 'custom',
  severity: 'info',
  data: new TextEncoder().encode('{"number":"A-1"}'),
};

describe('an event', () => {
  it('begins a chain of its own where nothing caused it', () => {
    const event = buildEvent(input);
    expect(event).toMatchObject({
      source: '/tenants/acme',
      correlation: id,
      causation: null,
      subject: null,
      connection: null,
      original: null,
      receipt: null,
    });
    expect(toHubEvent(event, { number: 'A-1' })).toEqual({
      specversion: '1.0',
      id,
      source: '/tenants/acme',
      type: 'order.placed',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { number: 'A-1' },
      tenant: 'acme',
      correlation: id,
      class: 'custom',
      severity: 'info',
    });
  });

  it('says where it came through and what caused it', () => {
    const event = buildEvent({ ...input, tenant: 'a/b ü', connection: cause, correlation: cause, causation: cause, subject: 'orders/1' });
    expect(toHubEvent(event, null)).toMatchObject({
      source: `/tenants/a%2Fb%20%C3%BC/connections/${cause}`,
      connection: cause,
      correlation: cause,
      causation: cause,
      subject: 'orders/1',
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1.5, -62_135_596_800_001, 253_402_300_800_000])('cannot have the time %j', (time) => {
    expect(isEventTime(time)).toBe(false);
    expect(() => buildEvent({ ...input, time })).toThrowError(expect.objectContaining({ code: 'invalid_event' }));
  });

  it.each([
    [-62_135_596_800_000, '0001-01-01T00:00:00.000Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
  ])('may have the time %j', (time, text) => {
    expect(toHubEvent(buildEvent({ ...input, time }), null).time).toBe(text);
  });

  it.each(['', 'a\nb', 'a\u0085', '\ud800', '\ufdd0', 'x'.repeat(501)])('cannot have the subject %j', (subject) => {
    expect(isEventSubject(subject)).toBe(false);
    expect(() => buildEvent({ ...input, subject })).toThrowError(expect.objectContaining({ code: 'invalid_event' }));
  });
});
