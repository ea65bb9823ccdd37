import { z } from 'zod';

/** Where the authorization server listens. */
export const serverReady = z.object({ type: z.literal('ready'), origin: z.string() });

/** What a contestant's process is started with. */
export const flowSettings = z.object({
  contestant: z.enum(['hand-written', 'patchbay']),
  /** Origin of the authorization server. */
  origin: z.string(),
  flows: z.int().min(1),
  /** Flows of one user that are under way at a time. */
  atOnce: z.int().min(1),
});

/** What a contestant did. */
export const flowsDone = z.object({
  type: z.literal('done'),
  milliseconds: z.number(),
  cpuMicroseconds: z.number(),
  /** Milliseconds of a whole flow without the person: the middle one, and what 99 of 100 took at most. */
  p50: z.number(),
  p99: z.number(),
});
