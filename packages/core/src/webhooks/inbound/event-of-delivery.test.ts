import { describe, expect, it } from 'vitest';
import { sampleConnector, thingCreated } from '../../connector/__fixtures__/sample-connector.ts';
import type { ConnectorEvent } from '../../connector/webhook-declaration.ts';
import { eventOfDelivery } from './event-of-delivery.ts';
import { parseBody } from './parse-body.ts';

const place = { tenant: 'acme', registration: 'r1', connection: 'c1', id: 'e1', receivedAt: 1_000 };
const connector = sampleConnector();

function deliver(text: string, told: Partial<ConnectorEvent> = {}, of = connector) {
  const raw = new TextEncoder().encode(text);
  const { value: body, exact } = parseBody(raw);
  const verified = { connector: of, delivery: { headers: {}, body }, deliveryId: 'd1', body: raw, exact, unverified: false };
  return { raw, ...eventOfDelivery(place, verified, { trigger: 'thing.created', data: body, ...told }) };
}

describe('eventOfDelivery', () => {
  it('keeps the very bytes where the body is the data, and once', () => {
    const { event, raw } = deliver('{ "id" : 1 }');
    expect(event.data.bytes).toBe(raw);
    expect(event.original).toBeNull();
    expect(event).toMatchObject({
      type: 'sample.thing.created',
      source: '/tenants/acme/connections/c1',
      receipt: { registration: 'r1', deliveryId: 'd1' },
    });
  });

  it('keeps the body beside data that was made of it', () => {
    const { event, raw, data } = deliver('{"items":[{"id":1}]}', { data: { id: 1 } });
    expect(Buffer.from(event.data.bytes).toString()).toBe('{"id":1}');
    expect(event.original?.bytes).toBe(raw);
    expect(data).toEqual({ id: 1 });
  });

  it("is of the class and severity that its trigger declares, or else the host's own matter and an information", () => {
    expect(deliver('{"id":1}').event).toMatchObject({ class: 'custom', severity: 'info' });
    const alarming = sampleConnector({ triggers: { 'thing.created': { ...thingCreated, class: 'security', severity: 'critical' } } });
    expect(deliver('{"id":1}', {}, alarming).event).toMatchObject({ class: 'security', severity: 'critical' });
  });

  it('stores the data without a prototype key, and the body as it came', () => {
    const { event, raw, data } = deliver('{"id":1,"__proto__":{"admin":true}}');
    expect(Buffer.from(event.data.bytes).toString()).toBe('{"id":1}');
    expect(event.original?.bytes).toBe(raw);
    expect(data).toEqual({ id: 1 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, 1e300, '2026-01-01', null])(
    'takes the time of receipt where the connector says %j',
    (time) => {
      expect(deliver('{}', { time: time as number }).event.time).toBe(1_000);
    },
  );

  it('takes whole milliseconds', () => {
    expect(deliver('{}', { time: 1_699_999_999_123.4 }).event.time).toBe(1_699_999_999_123);
    expect(deliver('{}', { time: -1 }).event.time).toBe(-1);
  });

  it.each([
    ['C1/1.2', 'C1/1.2'],
    ['a\u0000b\r\nc', 'abc'],
    ['\ud800half', 'half'],
    ['x'.repeat(501), 'x'.repeat(500)],
    [`${'x'.repeat(499)}😀`, `${'x'.repeat(499)}\ufffd`],
    ['', null],
    ['\u0007', null],
    [7, null],
    [undefined, null],
  ])('makes the subject %j to %j', (given, stored) => {
    expect(deliver('{}', given === undefined ? {} : { subject: given as string }).event.subject).toBe(stored);
  });

  it('refuses data that is nothing', () => {
    expect(() => deliver('{}', { data: undefined as unknown as null })).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it('hands on what the stored text says', () => {
    const when = new Date(0) as unknown as string;
    expect(deliver('{}', { data: { when, gone: undefined as unknown as null } }).data).toEqual({ when: '1970-01-01T00:00:00.000Z' });
  });
});
