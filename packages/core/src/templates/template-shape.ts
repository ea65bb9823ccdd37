import { z } from 'zod';

const identifier = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be letters, digits and underscores, beginning with a letter');
const connectorId = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be the id of a connector');

/** A parameter. Its default is read apart. */
export const parameterShape = z.strictObject({
  type: z.enum(['string', 'number', 'integer', 'boolean', 'list']),
  title: z.string().max(200).optional(),
  description: z.string().max(2_000).optional(),
  default: z.json().optional(),
  oneOf: z
    .array(z.union([z.string().max(1_000), z.number()]))
    .min(1)
    .max(200)
    .optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.int().min(1).max(100_000).optional(),
});

/** A connection of a template. */
export const connectionShape = z.strictObject({ connector: connectorId, description: z.string().max(2_000).optional() });

/** A template. Its automation is read by the parser of automations, when it has been filled in. */
export const templateShape = z.strictObject({
  format: z.literal(1),
  name: connectorId,
  version: z.string().max(64),
  title: z.string().max(200).optional(),
  description: z.string().max(2_000).optional(),
  parameters: z.record(identifier, parameterShape).optional(),
  connectors: z.record(connectorId, z.string().min(1).max(200)).optional(),
  connections: z.record(identifier, connectionShape).optional(),
  records: z.array(z.string().min(1).max(200)).max(50).optional(),
  automation: z.record(z.string(), z.json()),
});
