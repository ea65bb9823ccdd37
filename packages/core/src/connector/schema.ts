/** A fault that a schema found. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

/** What a schema answers: the parsed value, or the faults. */
export type SchemaResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

/**
 * Any schema that follows Standard Schema 1 (standardschema.dev), such as zod's. Constrained by structure and never by a zod
 * type, so that a connector built with another minor of zod compiles.
 */
export interface Schema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** Standard JSON Schema; zod has it from 4.2 on. */
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
      readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

/** What a caller hands to the schema. */
export type SchemaInput<S extends Schema> = NonNullable<S['~standard']['types']>['input'];

/** What the schema gives back. */
export type SchemaOutput<S extends Schema> = NonNullable<S['~standard']['types']>['output'];
