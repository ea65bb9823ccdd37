import { z } from 'zod';
import { durationPattern, longestWaitMs, parseDuration } from './duration.ts';
import { connectionShape as connection, eventTypeShape } from './trigger-shape.ts';

/** Most steps in one list, and most branches of one step. */
export const most = { steps: 50, branches: 20, items: 1_000, atOnce: 50, variables: 50 } as const;

/** Names of a step and of a variable. */
export const idShape = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be letters, digits and underscores, beginning with a letter');

const duration = z.string().max(20).regex(durationPattern, 'must be a length of time such as 30s, 15m, 2h or 3d');

/** A length of time within bounds. The bounds stand in code alone: no JSON Schema can say them. */
function lengthBetween(leastMs: number, mostMs: number, words: string): z.ZodType<string> {
  return duration.refine((text) => {
    const ms = parseDuration(text) ?? -1;
    return ms >= leastMs && ms <= mostMs;
  }, `must be ${words}`);
}

const wait = lengthBetween(1_000, longestWaitMs, 'between 1s and 30d');
const template = z.unknown().optional();
const stepList = z.array(z.unknown()).min(1).max(most.steps);

/** How a step's dispatch is tried. */
export const policyShapes = {
  timeout: lengthBetween(1_000, 900_000, 'between 1s and 15m').optional(),
  retry: z
    .strictObject({
      attempts: z.int().min(1).max(20),
      wait: lengthBetween(100, 3_600_000, 'between 100ms and 1h').optional(),
      longest: lengthBetween(100, 86_400_000, 'between 100ms and 1d').optional(),
    })
    .optional(),
  concurrency: z.int().min(1).max(100).optional(),
  rate: z.strictObject({ limit: z.int().min(1).max(10_000), per: lengthBetween(1_000, 86_400_000, 'between 1s and 1d') }).optional(),
};

/** What happens when a step has failed. Its steps are read apart. */
export const errorPathShape = z.strictObject({ steps: stepList.optional(), afterwards: z.enum(['continue', 'fail']).optional() });

const control = { id: idShape, onError: errorPathShape.optional() };
const templated = z.string().min(1).max(2_000);

/** The control steps by their action. Steps inside of them, conditions and templates are read apart. */
export const controlShapes = {
  'flow.branch': z.strictObject({
    ...control,
    action: z.literal('flow.branch'),
    branches: z
      .array(z.strictObject({ when: z.unknown(), steps: stepList }))
      .min(1)
      .max(most.branches),
    else: stepList.optional(),
  }),
  'flow.group': z.strictObject({ ...control, action: z.literal('flow.group'), steps: stepList }),
  'flow.each': z.strictObject({
    ...control,
    action: z.literal('flow.each'),
    list: z.unknown(),
    steps: stepList,
    concurrency: z.int().min(1).max(most.atOnce).optional(),
    limit: z.int().min(1).max(most.items).optional(),
    collect: template,
  }),
  'flow.delay': z.strictObject({ ...control, action: z.literal('flow.delay'), for: templated.optional(), until: templated.optional() }),
  'flow.wait': z.strictObject({
    ...control,
    action: z.literal('flow.wait'),
    event: eventTypeShape,
    connection: connection.optional(),
    when: z.unknown().optional(),
    timeout: wait,
    onTimeout: z.enum(['continue', 'fail']).optional(),
  }),
  'flow.set': z.strictObject({ ...control, action: z.literal('flow.set'), vars: z.record(idShape, z.unknown()) }),
  'flow.transform': z.strictObject({ ...control, action: z.literal('flow.transform'), value: z.unknown() }),
  'flow.stop': z.strictObject({
    id: idShape,
    action: z.literal('flow.stop'),
    as: z.enum(['succeeded', 'failed']).optional(),
    message: templated.optional(),
  }),
  'flow.run': z.strictObject({
    ...control,
    action: z.literal('flow.run'),
    automation: z.string().min(1).max(200),
    input: template,
    wait: z.boolean().optional(),
    timeout: wait.optional(),
  }),
} as const;

/** Names of the control steps. */
export type ControlName = keyof typeof controlShapes;

/** Is it the name of a control step? */
export const isControlName = (action: string): action is ControlName => Object.hasOwn(controlShapes, action);
