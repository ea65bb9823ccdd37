import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPatchbayError } from '../../../errors/patchbay-error.ts';
import { isEventPattern, matchesPattern } from '../../../event/matches-pattern.ts';
import { receiverTypes, typeBehind } from './event-type-of.ts';

it('leaves every type behind its receiver, and makes of none one that an event cannot have', () => {
  const types = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[a-z.*_ /:-]{0,250}$/), fc.jsonValue());
  fc.assert(
    fc.property(types, (type) => {
      try {
        const full = `${receiverTypes('shop')}.${typeBehind('shop', type)}`;
        expect([isEventPattern(full), matchesPattern('hook.shop.*', full), full.includes('*')]).toEqual([true, true, false]);
      } catch (error) {
        if (!isPatchbayError(error)) throw error;
        expect(error.code).toBe('invalid_event');
      }
    }),
    { numRuns: 2_000 },
  );
});

it('keeps a type that is one already as it is', () => {
  expect(['order.placed', 'com.example.Order_v2', 'a-b.c'].map((type) => typeBehind('shop', type))).toEqual([
    'order.placed',
    'com.example.Order_v2',
    'a-b.c',
  ]);
});
