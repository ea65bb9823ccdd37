/** Figures of the simulated hubs, in milliseconds: short, so that a history of two minutes sees every one of them pass. */
export const figures = {
  concurrency: 4,
  leaseMs: 5_000,
  pollMs: 1_000,
  graceMs: 2_000,
  maximumAttempts: 6,
  maximumCrashes: 3,
  baseMs: 200,
  maximumMs: 4_000,
  /** Of every action. */
  timeoutMs: 3_000,
  settlesWithinMs: 12_000,
  keyLifetimeMs: 45_000,
  retryWithinMs: 30_000,
} as const;

/** The tenant that everything happens to. */
export const tenant = 'acme';
