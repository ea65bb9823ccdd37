import { z } from 'zod';
import { errorPathShape, idShape, most, policyShapes } from './step-shape.ts';
import { connectionShape as connection } from './trigger-shape.ts';

/** One action step. Its input is any JSON, and read apart. */
export const stepShape = z.strictObject({
  id: idShape,
  action: z
    .string()
    .max(200)
    .regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*$/, 'must be {connector}.{action}'),
  connection: connection.optional().describe('Name or id of a connection of that connector; built-in actions have none.'),
  input: z.unknown().optional(),
  onUnknown: z.enum(['hold', 'retry']).optional(),
  onError: errorPathShape.optional(),
  ...policyShapes,
});

/** What a failed run sends. */
export const escalationShape = stepShape.omit({ id: true, onError: true, timeout: true, retry: true, concurrency: true, rate: true });

/** What runs go one after another by. */
export const orderingShape = z.strictObject({
  key: z.string().min(1).max(2_000).describe('Text that holds CEL: {{ event.data.issue.id }}.'),
  onDead: z.enum(['skip', 'block']).optional(),
});

/** A definition. Trigger, condition and steps are read apart, so that a fault has its own place. */
export const definitionShape = z.strictObject({
  description: z.string().max(2_000).optional(),
  trigger: z.unknown(),
  when: z.unknown().optional(),
  steps: z.array(z.unknown()).min(1).max(most.steps),
  escalation: escalationShape.optional(),
  ordering: orderingShape.optional(),
  concurrency: z.int().min(1).max(100).optional(),
});
