import { describe, expect, it } from 'vitest';
import type { Json } from '../../../json/json.ts';
import { graphqlBody } from './graphql-body.ts';
import { graphqlFault } from './graphql-fault.ts';

const faultOf = (body: Json) => {
  const read = graphqlBody(body);
  return read && graphqlFault(read);
};

describe('the errors of GraphQL', () => {
  it.each([
    ['UNAUTHENTICATED', 'authentication_failed'],
    ['FORBIDDEN', 'permission_denied'],
    ['INSUFFICIENT_SCOPES', 'scope_missing'],
    ['RATELIMITED', 'rate_limited'],
    ['THROTTLED', 'rate_limited'],
    ['NOT_FOUND', 'provider_not_found'],
    ['CONFLICT', 'provider_conflict'],
    ['GRAPHQL_VALIDATION_FAILED', 'provider_rejected'],
    ['INTERNAL_SERVER_ERROR', 'provider_error'],
    ['SERVICE_UNAVAILABLE', 'provider_unavailable'],
    ['authentication error', 'authentication_failed'],
    ['unheard of', 'provider_error'],
  ])('with the code %s mean %s, wherever the code stands', (code, meaning) => {
    const expected = {
      code: meaning,
      providerCode: code,
      sent: ['provider_error', 'provider_unavailable'].includes(meaning) ? expect.any(String) : 'no',
    };
    expect(faultOf({ errors: [{ message: 'm', extensions: { code } }] })).toMatchObject(expected);
    expect(faultOf({ errors: [{ message: 'm', extensions: { type: code } }] })).toMatchObject(expected);
    expect(faultOf({ errors: [{ message: 'm', type: code }] })).toMatchObject(expected);
  });

  it('are none where there are none', () => {
    expect(faultOf({ data: { a: 1 } })).toBeUndefined();
    expect(faultOf({ data: { a: 1 }, errors: [] })).toBeUndefined();
    expect(faultOf({ message: 'not GraphQL' })).toBeUndefined();
    expect(faultOf('text')).toBeUndefined();
  });

  it('without data say that nothing was executed, unless the service itself failed', () => {
    expect(faultOf({ errors: [{ message: 'Syntax Error' }] })).toMatchObject({ code: 'provider_error', sent: 'no' });
    for (const code of ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'TIMEOUT'])
      expect(faultOf({ errors: [{ message: 'm', extensions: { code } }] })).toMatchObject({ sent: 'maybe', retryable: true });
  });

  it('leave open what was done where some of it was, or it failed below what was asked for', () => {
    const denied = { message: 'm', type: 'FORBIDDEN' };
    expect(faultOf({ data: { one: null }, errors: [{ ...denied, path: ['one'] }] })).toMatchObject({ sent: 'no' });
    expect(faultOf({ data: null, errors: [{ ...denied, path: ['one'] }] })).toMatchObject({ sent: 'no' });
    expect(faultOf({ data: { one: { id: 1 }, two: null }, errors: [{ ...denied, path: ['two'] }] })).toMatchObject({ sent: 'maybe' });
    expect(faultOf({ data: { one: null }, errors: [{ ...denied, path: ['one', 'owner', 'mail'] }] })).toMatchObject({ sent: 'maybe' });
    expect(faultOf({ data: { one: null }, errors: [{ message: 'm', path: ['one'] }] })).toMatchObject({ sent: 'maybe' });
  });

  it('go by the first code that is known', () => {
    const body = {
      errors: [
        { message: 'a', extensions: { code: 'ODD' } },
        { message: 'b', extensions: { code: 'NOT_FOUND' } },
      ],
    };
    expect(faultOf(body)).toMatchObject({ code: 'provider_not_found', providerCode: 'NOT_FOUND' });
  });

  it('say when the points of a query have come back', () => {
    const cost = { requestedQueryCost: 120, throttleStatus: { maximumAvailable: 1_000, currentlyAvailable: 20, restoreRate: 50 } };
    const body = { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost } };
    expect(faultOf(body)).toMatchObject({ code: 'rate_limited', retryAfterMs: 2_000, retryable: true });
    expect(graphqlBody(body)?.cost).toEqual({ requested: 120, actual: undefined, available: 20, maximum: 1_000, restoreRate: 50 });
  });

  it('are read as they can be, whatever the service puts there', () => {
    for (const errors of [[null], ['text'], [{}], [{ message: 7, path: 'x', extensions: [] }], [[]]])
      expect(faultOf({ errors })).toMatchObject({ code: 'provider_error' });
    const many = graphqlBody({
      errors: Array.from({ length: 10_000 }, () => ({ message: 'm'.repeat(10_000), path: Array(1_000).fill(1) })),
    });
    expect(many?.errors).toHaveLength(50);
    expect(many?.errors[0]).toMatchObject({ message: 'm'.repeat(500), path: Array(50).fill(1) });
    expect(faultOf({ errors: [{ message: 'm', type: '__proto__' }] })).toMatchObject({ code: 'provider_error' });
  });
});
