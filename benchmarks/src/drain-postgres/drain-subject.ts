import { z } from 'zod';
import { openChildPort } from '../child-port.ts';
import { type DrainSettings, drainSettings } from './messages.ts';

/** What a contestant tells of the jobs in its database. */
export interface JobCounts {
  readonly left: number;
  readonly kept: number | null;
}

/** A contestant of `drain-postgres`. */
export interface DrainSubject {
  /** Puts the jobs into an empty database, each with {@link jobPayload}. */
  readonly fill: (settings: DrainSettings) => Promise<void>;
  /** Works all jobs off, calls `effect` once for each, and resolves when the last one is recorded as done. Not awaited: `open`, which is before the timed part. */
  readonly open: (settings: DrainSettings) => Promise<{
    readonly drain: (effect: () => void) => Promise<void>;
    readonly counts: () => Promise<JobCounts>;
  }>;
}

/** What every job carries, one KB. */
export const jobPayload = (position: number): { readonly position: number; readonly text: string } => ({
  position,
  text: 'A job of the benchmark carries a kilobyte, as a webhook of a small service does. '.repeat(12).slice(0, 980),
});

/** The frame of every contestant's process. */
export async function runDrainSubject(subject: DrainSubject): Promise<void> {
  const port = openChildPort();
  const settings = drainSettings.parse(port.argument);
  if (settings.part === 'fill') {
    await subject.fill(settings);
    port.tell({ type: 'ready' });
    return;
  }
  const { drain, counts } = await subject.open(settings);
  const work = async (): Promise<void> => {
    let effects = 0;
    let begun = 0;
    const before = process.cpuUsage();
    await drain(() => {
      if (effects === 0) begun = performance.now();
      effects += 1;
    });
    const seconds = (performance.now() - begun) / 1_000;
    const { user, system } = process.cpuUsage(before);
    port.tell({ type: 'done', seconds, effects, ...(await counts()), cpuMicroseconds: user + system });
  };
  port.onMessage((message) => {
    z.object({ type: z.literal('go') }).parse(message);
    // What fails here is an unhandled rejection on purpose: it ends this process, and the benchmark with it.
    void work();
  });
  port.tell({ type: 'ready' });
}
