import { z } from 'zod';

/** What a contestant's process is started with. */
export const rulesSettings = z.object({
  contestant: z.enum(['closures', 'patchbay', 'json-rules-engine', 'cel-js']),
  rules: z.int().min(1),
  /** Events that are timed together. */
  events: z.int().min(1),
});

/** What a contestant did. */
export const rulesDone = z.object({
  type: z.literal('done'),
  milliseconds: z.number(),
  cpuMicroseconds: z.number(),
  /** Heap that the compiled rules hold, for one rule. */
  bytesPerRule: z.number(),
  /** Microseconds of compiling and indexing, for one rule. */
  compileMicroseconds: z.number(),
});
