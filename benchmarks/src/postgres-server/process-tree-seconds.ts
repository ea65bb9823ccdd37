import { readdirSync, readFileSync } from 'node:fs';

/** One process as /proc/PID/stat tells it; times in ticks. */
export interface ProcessTimes {
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended and been waited for. */
  readonly endedChildren: number;
}

// USER_HZ: what /proc counts in, the same on every Linux whatever its kernel ticks at.
const ticksPerSecond = 100;

/** Reads the line of /proc/PID/stat. Null when the text is not of that form. */
export function parseProcessTimes(stat: string): ProcessTimes | null {
  // The second field is the program's name in parentheses, which may hold anything.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent, user, system, childUser, childSystem] = [1, 11, 12, 13, 14].map((position) => fields[position]);
  if (parent === undefined || user === undefined || system === undefined || childUser === undefined || childSystem === undefined)
    return null;
  return { parent, own: user + system, endedChildren: childUser + childSystem };
}

function readProcess(processId: string): ProcessTimes | null {
  try {
    return parseProcessTimes(readFileSync(`/proc/${processId}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Processor time of a process and its children, those that have ended included, in seconds to 0.01; null where there is no /proc. One level
 * is enough for PostgreSQL: every session is a child of the postmaster.
 */
export function processTreeSeconds(processId: number): number | null {
  const root = readProcess(String(processId));
  if (root === null) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readProcess)
    .filter((found) => found?.parent === processId);
  const ticks = children.reduce(
    (sum, child) => sum + (child === null ? 0 : child.own + child.endedChildren),
    root.own + root.endedChildren,
  );
  return ticks / ticksPerSecond;
}
