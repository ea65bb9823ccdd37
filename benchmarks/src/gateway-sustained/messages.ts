import { z } from 'zod';

/** One connection that requests go through. */
const target = z.object({ tenant: z.string(), id: z.string(), token: z.string() });
export type Target = z.infer<typeof target>;

/** What the service counts by: so many requests of one token in each of its own windows. */
export const quota = z.object({ requests: z.int().min(1), windowMs: z.int().min(100) });

/** What the service is started with. `tells`: its answers say how the window stands, its end in whole seconds. */
export const serviceSettings = quota.extend({ tells: z.boolean() });

/** The service listens. */
export const serviceReady = z.object({ type: z.literal('ready'), origin: z.string() });

/** What the service has counted since it was asked the last time. */
export const serviceCount = z.object({
  type: z.literal('counted'),
  requests: z.number(),
  /** Requests that came when their token's window was full: each was answered 429. */
  exceeded: z.number(),
  /** Most requests of one token in one window. */
  most: z.number(),
});

/** What a process of the host is started with. */
export const loadSettings = z.object({
  client: z.enum(['patchbay', 'undici']),
  origin: z.string(),
  database: z.string(),
  /** The hub's key, so that all processes read the same credentials. */
  key: z.string(),
  quota,
  milliseconds: z.int().min(1),
  /** Connections whose requests come at a steady rate. */
  steady: z.array(target),
  /** Requests a second of this process over all steady connections. */
  rate: z.number().min(0),
  /** Connections that are asked for as much as they give, by so many callers each. */
  greedy: z.array(target),
  callers: z.int().min(0),
});
export type LoadSettings = z.infer<typeof loadSettings>;

/** A process is ready to begin. */
export const loadReady = z.object({ type: z.literal('loaded') });

/** What a process has done. */
export const loadDone = z.object({
  type: z.literal('done'),
  /** Milliseconds from when each steady request was due until its answer had been read. */
  times: z.array(z.number()),
  /** Steady requests that had no good answer, by what they ended with. */
  failed: z.record(z.string(), z.number()),
  /** Good answers of greedy connections. */
  greedy: z.number(),
  cpuMicroseconds: z.number(),
});
