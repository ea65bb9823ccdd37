import { z } from 'zod';

/** What a contestant's process is started with. */
export const vaultSettings = z.object({
  contestant: z.enum(['raw', 'vault']),
  verb: z.enum(['seal', 'open']),
  /** Calls that are timed together, and as many again that are timed one by one. */
  calls: z.int().min(1),
});

/** What a contestant did. */
export const vaultDone = z.object({
  type: z.literal('done'),
  milliseconds: z.number(),
  cpuMicroseconds: z.number(),
  /** Microseconds of each call, of those that were timed one by one: 99 of 100 and all but one of a thousand took at most. */
  p99: z.number(),
  p999: z.number(),
});
