import { describe, expect, it } from 'vitest';
import { hmacSha256 } from '../../connector/signature-scheme.ts';
import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import { deliveryIdOf, readDelivery } from './read-delivery.ts';

const declaration: WebhookDeclaration = {
  scheme: hmacSha256({ header: 'X-Signature' }),
  deliveryId: 'X-Delivery',
  toEvents: () => [],
};
const read = (headers: Record<string, string>, body = '{}') => readDelivery({ headers, body: Buffer.from(body) }, declaration).delivery;

it('gives the connector every header but the signature and what could be a credential', () => {
  const { headers } = read({
    'x-signature': 's',
    authorization: 'Bearer x',
    'proxy-authorization': 'Basic x',
    cookie: 'session=1',
    'x-event': 'push',
  });
  expect(headers).toEqual({ 'x-event': 'push' });
});

describe('the delivery id', () => {
  it('is read from a header in any spelling of the declaration, or from a field of the body', () => {
    expect(deliveryIdOf(read({ 'x-delivery': 'abc-1' }), 'X-Delivery')).toBe('abc-1');
    expect(deliveryIdOf(read({ 'x-delivery': 'abc-1' }), { header: 'X-DELIVERY' })).toBe('abc-1');
    expect(deliveryIdOf(read({}, '{"event_id":"Ev1"}'), { bodyField: 'event_id' })).toBe('Ev1');
  });

  it.each(['', ' ', 'a b', 'a, b', 'ü', 'a\nb', 'a\u0000', 'a'.repeat(201)])('is refused as %j', (id) => {
    expect(() => deliveryIdOf(read({ 'x-delivery': id }), 'x-delivery')).toThrow(expect.objectContaining({ code: 'body_invalid' }));
  });

  it.each([
    ['absent', '{}'],
    ['a number', '{"event_id":7}'],
    ['an object', '{"event_id":{"a":1}}'],
    ['null', '{"event_id":null}'],
    ['in a list', '["event_id"]'],
    ['nothing at all', 'null'],
  ])('is refused where the field is %s', (_what, body) => {
    expect(() => deliveryIdOf(read({}, body), { bodyField: 'event_id' })).toThrow(expect.objectContaining({ code: 'body_invalid' }));
  });

  it.each(['constructor', 'tostring', '__proto__'])('is not found among what objects inherit: %s', (name) => {
    expect(() => deliveryIdOf(read({}), name)).toThrow(expect.objectContaining({ code: 'body_invalid' }));
    expect(() => deliveryIdOf(read({}), { bodyField: name })).toThrow(expect.objectContaining({ code: 'body_invalid' }));
  });
});
