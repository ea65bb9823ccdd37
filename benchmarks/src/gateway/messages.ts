import { z } from 'zod';

/** Where the service listens, or the proxy in front of it. */
export const serverReady = z.object({ type: z.literal('ready'), origin: z.string() });

/** Who makes the requests. */
export const contestants = ['undici', 'patchbay', 'patchbay-plain', 'got', 'axios'] as const;

/** What a contestant's process is started with. */
export const requestSettings = z.object({
  contestant: z.enum(contestants),
  /** Origin of the service, or of the proxy in front of it. */
  origin: z.string(),
  /** Requests under way at a time. */
  atOnce: z.int().min(1),
  milliseconds: z.int().min(1),
  /** The database of the hub; `null`: in memory. */
  database: z.string().nullable(),
});

/** What a contestant did. */
export const requestsDone = z.object({
  type: z.literal('done'),
  requests: z.number(),
  milliseconds: z.number(),
  cpuMicroseconds: z.number(),
  /** Milliseconds of one request. */
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
});
