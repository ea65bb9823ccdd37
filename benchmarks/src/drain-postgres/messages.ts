import { z } from 'zod';

/** What a contestant's process is started with: to put the jobs in, or to work them off. */
export const drainSettings = z.object({ databaseUrl: z.url(), jobs: z.int().min(1), part: z.enum(['fill', 'drain']) });

/** The jobs are in, or the process stands ready to work them off. */
export const drainReady = z.object({ type: z.literal('ready') });

/** All jobs are done. */
export const drainDone = z.object({
  type: z.literal('done'),
  /** From the first effect's begin until the last job was recorded as done, durably. */
  seconds: z.number().positive(),
  /** Effects; each job has one. */
  effects: z.int(),
  /** Jobs that the database still holds as to be done. */
  left: z.int(),
  /** Jobs that the database holds as done; null where the contestant keeps none. */
  kept: z.int().nullable(),
  /** Processor time of the process meanwhile. */
  cpuMicroseconds: z.number(),
});

export type DrainSettings = z.infer<typeof drainSettings>;
