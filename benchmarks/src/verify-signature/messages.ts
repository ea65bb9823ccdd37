import { z } from 'zod';

/** What a contestant's process is started with. */
export const signatureSettings = z.object({
  contestant: z.enum(['raw', 'patchbay', 'octokit']),
  /** Bytes of the body. */
  bytes: z.int().min(2),
  /** Calls that are timed together. */
  calls: z.int().min(1),
});

/** What a contestant did. */
export const signatureDone = z.object({ type: z.literal('done'), milliseconds: z.number(), cpuMicroseconds: z.number() });
