import { z } from 'zod';

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()]);
const path = z.string().min(1).max(512);

const named = [
  'trim',
  'lower',
  'upper',
  'first',
  'from_unix_seconds',
  'to_unix_seconds',
  'from_unix_milliseconds',
  'to_unix_milliseconds',
] as const;

const transform = z.union(
  [
    z.enum(named),
    z.strictObject({ split: z.string().min(1).max(20) }),
    z.strictObject({ join: z.string().max(20) }),
    z.strictObject({ scale: z.number().refine((factor) => factor !== 0, 'must not be 0') }),
    z.strictObject({ round: z.int().min(0).max(15) }),
    z.strictObject({ values: z.record(z.string().max(200), scalar), otherwise: scalar.optional() }),
  ],
  `must be ${named.join(', ')}, or a sound { split }, { join }, { scale }, { round } or { values }`,
);

const type = z.enum(['string', 'number', 'integer', 'boolean', 'timestamp', 'date', 'list', 'object']);

const check = z.strictObject({
  oneOf: z.array(scalar).min(1).max(1_000).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(0).optional(),
  pattern: z.string().min(1).max(256).optional(),
});

/** One field. What stands in `value`, `default` and `fields` is read apart. */
export const fieldShape = z.strictObject({
  to: path,
  from: path.optional(),
  cel: z.string().min(1).max(4_096).optional(),
  value: z.unknown().optional(),
  sourceType: type.optional(),
  transforms: z.array(transform).max(10).optional(),
  type: type.optional(),
  default: z.unknown().optional(),
  required: z.boolean().optional(),
  check: check.optional(),
  fields: z.array(z.unknown()).min(1).max(200).optional(),
  reverse: z.union([z.literal(false), z.string().min(1).max(4_096)]).optional(),
});

/** A mapping. */
export const mappingShape = z.strictObject({
  description: z.string().max(2_000).optional(),
  event: z
    .string()
    .max(200)
    .regex(/^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/, 'must be a type of event: {connector}.{trigger}')
    .optional(),
  connection: z.string().min(1).max(200).optional(),
  fields: z.array(z.unknown()).min(1).max(200),
});
