import { describe, expect, it } from 'vitest';
import { parseEndpoint } from './endpoint-input.ts';

const least = { url: 'https://shop.example.com/hook', events: ['order.*'] };
const parse = (input: unknown) => parseEndpoint(input, () => undefined);
const fault = (input: unknown): string => {
  try {
    parse(input);
    return 'passed';
  } catch (error) {
    return String(error);
  }
};

describe('an endpoint as it is put', () => {
  it('has the usual figures where it says none, and asks for a challenge', () => {
    expect(parse({ ...least, events: ['order.*', 'order.*'] })).toEqual({
      ...least,
      headers: {},
      payload: 'standard',
      signing: 'hmac',
      maximumInFlight: 10,
      metadata: {},
      isWaived: false,
    });
  });

  it('may say everything', () => {
    const said = {
      ...least,
      when: { field: 'event.data.total', op: 'greater_than', value: 1 },
      transform: { a: '{{ event.data.b }}' },
      payload: 'cloudevents',
      signing: 'ed25519',
      rate: 5,
      maximumInFlight: 2,
      description: 'The shop',
      metadata: { owner: 'ada' },
    };
    const { isWaived, headers, ...rest } = parse({ ...said, verification: 'dangerouslyWaived', secret: 'whatever' });
    expect(rest).toEqual(said);
    expect(isWaived).toBe(true);
  });

  it.each([
    [null, /An endpoint is/],
    [{ ...least, colour: 'red' }, /has no colour/],
    [{ ...least, url: 7 }, /The url/],
    [{ ...least, url: `https://a.example.com/${'a'.repeat(2_100)}` }, /The url/],
    [{ ...least, events: [] }, /1 to 50 patterns/],
    [{ ...least, events: 'order.*' }, /1 to 50 patterns/],
    [{ ...least, events: ['order..placed'] }, /is not dotted segments/],
    [{ ...least, events: [7] }, /is not dotted segments/],
    [{ ...least, when: { field: 'event.type' } }, /exactly one of/],
    [{ ...least, when: { cel: 'steps.a' } }, /steps/],
    [{ ...least, transform: '{{ event.' }, /transform|template|expression|closed/i],
    [{ ...least, transform: () => 1 }, /transform of an endpoint is JSON/],
    [{ ...least, transform: 'a'.repeat(70_000) }, /transform of an endpoint is JSON/],
    [{ ...least, payload: 'xml' }, /The payload/],
    [{ ...least, signing: 'rsa' }, /The signing/],
    [{ ...least, rate: 0 }, /The rate/],
    [{ ...least, rate: 1.5 }, /The rate/],
    [{ ...least, maximumInFlight: 51 }, /The maximumInFlight/],
    [{ ...least, description: 'a\u0000' }, /The description/],
    [{ ...least, metadata: [] }, /The metadata/],
    [{ ...least, verification: 'none' }, /The verification/],
  ])('is refused as %j', (input, expected) => {
    expect(fault(input)).toMatch(expected);
  });

  it('is refused where nothing may be sent', () => {
    const refuse = (): void => {
      throw new Error('no way out');
    };
    expect(() => parseEndpoint(least, refuse)).toThrow('no way out');
  });
});
