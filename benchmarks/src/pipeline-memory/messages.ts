import { z } from 'zod';

const port = z.int().min(1).max(65_535);

/** What a subject (a contestant's process) is started with. */
export const subjectSettings = z.object({
  /** Origin of the stand-in for Jira, without a path. */
  sinkOrigin: z.url(),
  /** The shared secret of the webhook. */
  secret: z.string(),
  /** An empty database of the subject's own; null where it is to keep everything in memory. */
  databaseUrl: z.url().nullable(),
  /** The path that the first process of this subject takes webhooks under; null in the first one, which sets everything up. */
  joins: z.string().nullable(),
});

/** A subject listens: where, and under which path it takes webhooks. */
export const subjectReady = z.object({ type: z.literal('ready'), port, path: z.string().startsWith('/') });

/** A subject's state on request: processor time so far, resident memory, and calls whose answer it has read (null: it does not count them). */
export const subjectState = z.object({
  type: z.literal('state'),
  cpuMicroseconds: z.number(),
  memoryBytes: z.number(),
  completed: z.int().nullable(),
});

/** The sink listens for calls and, on the second port, for the loader that wants to hear of arrivals. */
export const sinkReady = z.object({ type: z.literal('ready'), port, arrivalsPort: port });

/** What came down: calls, different issue numbers among them, and the first call that was not as agreed. */
export const sinkTally = z.object({ type: z.literal('tally'), calls: z.int(), distinct: z.int(), fault: z.string().nullable() });

/** What the loader is started with. */
export const loaderSettings = z.object({
  /** Of the subject's processes; the connections take turns. */
  ports: z.array(port).min(1),
  path: z.string(),
  arrivalsPort: port,
  secret: z.string(),
  concurrency: z.int().min(1),
  /** Size of a delivery's body; null: 11.6 KB. */
  bodyBytes: z.int().min(1).nullable(),
  /** Deliveries before the timed part. */
  warmUp: z.int().min(1),
  /** Deliveries in the timed part. */
  timed: z.int().min(1),
  /** Whether the subject claims to check signatures and to drop repeated deliveries, so that both are tried. */
  verifies: z.boolean(),
  /** No effect for this many milliseconds means that work was dropped. */
  patienceMs: z.int().min(1),
});

/** The loader has finished its probes and its warm-up and waits for the word. */
export const loaderWarm = z.object({ type: z.literal('warm') });

/** The timed part is over and what trailed behind has settled. `effects` counts every effect since the start, warm-up included. */
export const loaderDone = z.object({
  type: z.literal('done'),
  seconds: z.number().positive(),
  effects: z.int(),
  effectP50: z.number(),
  effectP95: z.number(),
});

export type SubjectSettings = z.infer<typeof subjectSettings>;
export type LoaderSettings = z.infer<typeof loaderSettings>;
