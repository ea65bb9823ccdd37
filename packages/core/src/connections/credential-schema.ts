import { z } from 'zod';
import type { Credential } from '../connector/auth-method.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

// What goes into a header must not be able to end it. A space at either end comes from copying, and would only be refused by the service.
const printable = z
  .string()
  .max(16_384)
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must be printable ASCII without space around it');

const controls = /[\p{Cc}\p{Cs}]/u;

const schema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), token: printable }),
  z
    .strictObject({
      type: z.literal('basic'),
      username: z
        .string()
        .max(1_024)
        .refine((text) => !text.includes(':') && !controls.test(text)),
      password: z
        .string()
        .max(16_384)
        .refine((text) => !controls.test(text)),
    })
    .refine(({ username, password }) => username !== '' || password !== '', { path: ['password'] }),
  z.strictObject({ type: z.literal('api_key'), key: printable }),
]);

/** Parses a credential. Throws `credential_missing` that names the field and never its value. */
export function parseCredential(value: unknown): Credential {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'type'))].join(', ');
  throw new PatchbayError({
    code: 'credential_missing',
    message: `The credential cannot be used (at fault: ${fields}). Pass { type: 'bearer', token }, { type: 'basic', username, password }, { type: 'api_key', key } or { type: 'none' }.`,
  });
}
