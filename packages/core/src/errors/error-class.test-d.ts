import { expectTypeOf, it } from 'vitest';
import { type classOfCode, type ErrorClass, type ErrorCode, errorClass } from './error-class.ts';

it('gives every code of the closed union a class, and nothing else', () => {
  expectTypeOf<keyof typeof classOfCode>().toEqualTypeOf<ErrorCode>();
  expectTypeOf(errorClass).returns.toEqualTypeOf<ErrorClass>();
  expectTypeOf(errorClass).parameter(0).toBeUnknown();
  const incomplete = { internal: ['unknown', false] } as const;
  expectTypeOf(incomplete).not.toExtend<typeof classOfCode>();
});
