import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

interface ProcessorTimes {
  readonly busy: number;
  readonly total: number;
}

/** Reads the first line of /proc/stat: ticks of all processors since boot. Null when the text is not of that form. */
export function parseProcessorTimes(stat: string): ProcessorTimes | null {
  const ticks = /^cpu +([\d ]+)$/m.exec(stat)?.[1]?.trim().split(/ +/).map(Number);
  // user nice system idle iowait irq softirq steal; guest times are already part of user.
  const [user, nice, system, idle, waiting = 0, irq = 0, softIrq = 0, steal = 0] = ticks ?? [];
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return null;
  const busy = user + nice + system + irq + softIrq + steal;
  return { busy, total: busy + idle + waiting };
}

/** The share of processor time in use between two readings, 0 to 1. */
export function busyShare(before: ProcessorTimes, after: ProcessorTimes): number {
  const total = after.total - before.total;
  return total > 0 ? (after.busy - before.busy) / total : 0;
}

async function readProcessorTimes(): Promise<ProcessorTimes | null> {
  try {
    return parseProcessorTimes(await readFile('/proc/stat', 'utf8'));
  } catch {
    return null;
  }
}

/**
 * A gate that opens (true) once less than 15 % of the machine is in use for 200 ms, and gives up (false) after
 * `patienceMs`. Where there is no /proc/stat it opens at once.
 */
export function quietMachineGate(patienceMs: number): () => Promise<boolean> {
  return async () => {
    const deadline = performance.now() + patienceMs;
    let before = await readProcessorTimes();
    while (before !== null) {
      await pause(200);
      const after = await readProcessorTimes();
      if (after === null || busyShare(before, after) < 0.15) return true;
      if (performance.now() >= deadline) return false;
      before = after;
    }
    return true;
  };
}
