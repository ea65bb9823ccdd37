import { z } from 'zod';
import { connectionShape as connection } from './trigger-shape.ts';

/** One action step. Its input is any JSON, and read apart. */
export const stepShape = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be letters, digits and underscores, beginning with a letter'),
  action: z
    .string()
    .max(200)
    .regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*$/, 'must be {connector}.{action}'),
  connection: connection.optional().describe('Name or id of a connection of that connector; built-in actions have none.'),
  input: z.unknown().optional(),
  onUnknown: z.enum(['hold', 'retry']).optional(),
});

/** What a failed run sends. */
export const escalationShape = stepShape.omit({ id: true });

/** What runs go one after another by. */
export const orderingShape = z.strictObject({
  key: z.string().min(1).max(2_000).describe('Text that holds CEL: {{ event.data.issue.id }}.'),
  onDead: z.enum(['skip', 'block']).optional(),
});

/** A definition. Trigger and condition are read apart, so that a fault has its own place. */
export const definitionShape = z.strictObject({
  description: z.string().max(2_000).optional(),
  trigger: z.unknown(),
  when: z.unknown().optional(),
  steps: z.array(stepShape).min(1).max(50),
  escalation: escalationShape.optional(),
  ordering: orderingShape.optional(),
});
