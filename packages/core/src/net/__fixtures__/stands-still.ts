import { setTimeout as wait } from 'node:timers/promises';

/** Looks in a row that must give the same, and milliseconds between two: longer than a busy machine stops a process for. */
const looks = 8;
const betweenMs = 40;

/** Resolves when a count no longer grows. */
export async function standsStill(count: () => number): Promise<void> {
  let last = Number.NaN;
  for (let same = 0; same < looks; ) {
    await wait(betweenMs);
    same = count() === last ? same + 1 : 0;
    last = count();
  }
}
