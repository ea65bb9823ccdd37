import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when all effects have happened and, asked every 10 ms, the database holds no job any more that is not done. */
export async function untilNoneLeft(watch: { readonly isWorkedOff: () => boolean; readonly left: () => Promise<number> }): Promise<void> {
  while (!watch.isWorkedOff() || (await watch.left()) > 0) await pause(10);
}
