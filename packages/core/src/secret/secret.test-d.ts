import { expectTypeOf, it } from 'vitest';
import { createSecret } from './create-secret.ts';
import type { Secret } from './secret.ts';

it('a secret is revealed for a purpose and is no string', () => {
  expectTypeOf(createSecret('a').reveal).toEqualTypeOf<(purpose: string) => string>();
  expectTypeOf<Secret>().not.toExtend<string>();
  // @ts-expect-error the purpose is required
  createSecret('a').reveal();
});

it('secrets of two installed copies are one type', () => {
  interface SecretOfAnotherCopy {
    reveal(purpose: string): string;
    toString(): string;
    toJSON(): string;
  }
  expectTypeOf<SecretOfAnotherCopy>().toEqualTypeOf<Secret>();
});
