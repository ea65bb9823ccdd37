import { malformed } from '../storage-error.ts';

/** Checks the name of a schema: it stands in every statement. Throws `invalid_argument`. */
export function checkSchemaName(schema: string): string {
  if (/^[a-z_][a-z0-9_]{0,47}$/.test(schema) && !schema.startsWith('pg_')) return schema;
  throw malformed(
    'The name of the schema is not usable. Take lower-case letters, digits and underscores, at most 48, not beginning with pg_.',
  );
}
