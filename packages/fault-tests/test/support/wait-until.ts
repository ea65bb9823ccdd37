import { setTimeout as pause } from 'node:timers/promises';

/** What is waited for. */
export interface Awaited {
  /** In the message when it does not come about. */
  readonly what: string;
  readonly withinMs: number;
}

/** Looks until the condition holds. Throws when it has not within the time, so that nothing waits for ever. */
export async function waitUntil({ what, withinMs }: Awaited, holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`Waited ${withinMs} ms in vain for this: ${what}.`);
    await pause(20);
  }
}
