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

describe('secret fields', () => {
  const secretive: WebhookDeclaration = {
    ...declaration,
    contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
    formJsonField: 'payload',
    secretFields: ['response_url', 'token'],
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const payload = { type: 'click', response_url: 'https://hooks.example.com/1', n: 1, inner: { token: 'kept' } };

  it.each([
    [
      'JSON',
      { 'content-type': 'application/json' },
      JSON.stringify({ ...payload, token: 't' }),
      { type: 'click', n: 1, inner: { token: 'kept' } },
    ],
    [
      'JSON in a form',
      form,
      new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
      { type: 'click', n: 1, inner: { token: 'kept' } },
    ],
    ['a form', form, 'command=%2Fdo&text=a+b&response_url=https%3A%2F%2Fhooks.example.com%2F1', { command: '/do', text: 'a b' }],
    ['JSON of texts in a form', form, new URLSearchParams({ payload: '{"type":"x","token":"t"}' }).toString(), { type: 'x' }],
  ])('are taken out of %s, and the bytes that are left say the same again', (_what, headers, body, left) => {
    const read = readDelivery({ headers, body: Buffer.from(body) }, secretive);
    expect(read.delivery.body).toEqual(left);
    expect(Buffer.from(read.body).toString()).not.toMatch(/hooks|response_url|token=/);
    expect(readDelivery({ headers, body: read.body }, secretive)).toEqual({ ...read, exact: expect.any(Boolean) });
  });

  it('leave a body without them as it came, to the byte', () => {
    const body = Buffer.from('{ "a" : 1 }');
    expect(readDelivery({ headers: {}, body }, secretive)).toMatchObject({ body, exact: true });
    expect(readDelivery({ headers: {}, body: Buffer.from('["token"]') }, secretive).delivery.body).toEqual(['token']);
  });
});

describe('the delivery id', () => {
  it('is the first of several fields of the body that is there', () => {
    const place = { bodyField: ['event_id', 'trigger_id'] } as const;
    expect(deliveryIdOf(read({}, '{"trigger_id":"1.2","event_id":"Ev1"}'), place)).toBe('Ev1');
    expect(deliveryIdOf(read({}, '{"trigger_id":"1.2"}'), place)).toBe('1.2');
    expect(() => deliveryIdOf(read({}, '{"event_id":7,"trigger_id":"1.2"}'), place)).toThrow(
      expect.objectContaining({ code: 'body_invalid' }),
    );
    expect(() => deliveryIdOf(read({}), place)).toThrow(expect.objectContaining({ code: 'body_invalid' }));
  });

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
