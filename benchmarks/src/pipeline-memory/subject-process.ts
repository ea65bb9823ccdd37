import { z } from 'zod';
import { openChildPort } from '../child-port.ts';
import { type SubjectSettings, subjectSettings } from './messages.ts';

/** A contestant that listens. */
export interface StartedSubject {
  readonly port: number;
  /** Where it takes GitHub's deliveries. */
  readonly path: string;
  /** How many downstream calls it has made and, where it keeps anything, recorded as done; null when it does not count them. */
  readonly completed: () => number | null | Promise<number>;
}

/** The frame of every contestant's process: starts it, says where it listens, and reports its processor time when asked. */
export async function runSubject(start: (settings: SubjectSettings) => Promise<StartedSubject>): Promise<void> {
  const port = openChildPort();
  const subject = await start(subjectSettings.parse(port.argument));
  port.onMessage((message) => {
    z.object({ type: z.literal('state') }).parse(message);
    const { user, system } = process.cpuUsage();
    const memoryBytes = process.memoryUsage.rss();
    // A failed look is an unhandled rejection on purpose: it ends this process, and the benchmark with it.
    void Promise.resolve(subject.completed()).then((completed) =>
      port.tell({ type: 'state', cpuMicroseconds: user + system, memoryBytes, completed }),
    );
  });
  port.tell({ type: 'ready', port: subject.port, path: subject.path });
}
