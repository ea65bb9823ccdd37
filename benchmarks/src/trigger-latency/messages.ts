import { z } from 'zod';

/** What a contestant's process does: triggers and works off, or one of the two. The one that triggers makes the tables first. */
export const latencyParts = ['both', 'trigger', 'work'] as const;

/** What a contestant's process is started with. */
export const latencySettings = z.object({ databaseUrl: z.url(), part: z.enum(latencyParts) });

/** The process stands ready. */
export const latencyReady = z.object({ type: z.literal('ready') });

/** What a contestant's process is asked for, once it is ready. */
export const latencyOrder = z.discriminatedUnion('type', [
  /** Trigger `count` times, numbered from `first` and evenly spread, `perSecond` a second. */
  z.object({ type: z.literal('trigger'), first: z.int(), count: z.int().min(1), perSecond: z.number().positive() }),
  /** Tell of all effects, once there are `count` or the patience is over, and a while for further ones has gone by. */
  z.object({ type: z.literal('tell'), count: z.int() }),
]);

const milliseconds = z.number().positive();

/** All were triggered. Times are milliseconds of the machine's monotonic clock, which is the same in every process. */
export const latencyTriggered = z.object({
  type: z.literal('triggered'),
  triggers: z.array(z.object({ number: z.int(), asked: milliseconds, committed: milliseconds })),
});

/** The effects that started, in their order. */
export const latencyStarted = z.object({ type: z.literal('started'), starts: z.array(z.object({ number: z.int(), at: milliseconds })) });

export type LatencySettings = z.infer<typeof latencySettings>;
export type LatencyOrder = z.infer<typeof latencyOrder>;
export type Trigger = z.infer<typeof latencyTriggered>['triggers'][number];
export type Start = z.infer<typeof latencyStarted>['starts'][number];
