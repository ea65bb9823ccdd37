import { expectTypeOf } from 'vitest';
import { createRegistry } from './create-registry.ts';
import { defineAction } from './define-action.ts';
import { parseWith } from './parse-with.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';

/** The interface of standardschema.dev, written down without any library: whatever follows it is a schema, of whichever version. */
interface StandardSchema<Input, Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => { readonly value: Output } | { readonly issues: readonly { readonly message: string }[] };
    readonly types?: { readonly input: Input; readonly output: Output };
  };
}

declare const numeral: StandardSchema<string, number>;
declare const greeting: StandardSchema<{ name: string }, { name: string }>;

expectTypeOf(numeral).toExtend<Schema>();
expectTypeOf<SchemaInput<typeof numeral>>().toEqualTypeOf<string>();
expectTypeOf<SchemaOutput<typeof numeral>>().toEqualTypeOf<number>();
expectTypeOf(parseWith(numeral, '1', { code: 'invalid_argument', what: 'It', advice: 'Mend it.' })).resolves.toEqualTypeOf<number>();

const texts = { title: 'Greet', description: 'Greets.', idempotency: 'read' } as const;

defineAction({
  ...texts,
  input: numeral,
  output: greeting,
  run: async ({ input }) => {
    expectTypeOf(input).toEqualTypeOf<number>();
    return { name: input.toFixed() };
  },
});

defineAction({
  ...texts,
  input: numeral,
  output: greeting,
  // @ts-expect-error the output is not what the schema declares
  run: async ({ input }) => ({ name: input }),
});

// @ts-expect-error a JSON Schema is no schema
defineAction({ ...texts, input: { type: 'object' }, output: greeting, run: async () => ({ name: '' }) });

// A registry is filled at run time: any name compiles there, and an unknown one throws.
expectTypeOf(createRegistry).parameter(0).toEqualTypeOf<{ readonly hubVersion: string }>();
expectTypeOf(createRegistry({ hubVersion: '0.1.0' }).resolve)
  .parameter(0)
  .toEqualTypeOf<string>();
