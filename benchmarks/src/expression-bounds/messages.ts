import { z } from 'zod';

/** What the process is started with. */
export const boundsSettings = z.object({
  /** Times that each source is evaluated. */
  rounds: z.int().min(1),
});

/** The worst that any source did. */
export const boundsDone = z.object({
  type: z.literal('done'),
  /** Milliseconds of the slowest evaluation, the best of its rounds. */
  evaluationMs: z.number(),
  /** Milliseconds of the slowest compilation, the best of its rounds. */
  compileMs: z.number(),
  /** MiB by which the heap grew in one evaluation, at most. */
  heapMebibytes: z.number(),
  sources: z.number(),
});
