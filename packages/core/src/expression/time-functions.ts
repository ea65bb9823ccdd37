import type { CelFunction } from './cel-function.ts';
import { Duration } from './duration.ts';
import { fail, spendSteps } from './frame.ts';
import { Timestamp, toDate } from './timestamp.ts';
import { kindOf, type Value } from './value.ts';

const dayMilliseconds = 86_400_000;

const ofTimestamp: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => Math.floor((date.getTime() - startOfYear(date)) / dayMilliseconds),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

// A duration is told whole in each unit but milliseconds, which are what is left of its last second.
const ofDuration: Readonly<Record<string, (nanoseconds: bigint) => bigint>> = {
  getHours: (nanoseconds) => nanoseconds / 3_600_000_000_000n,
  getMinutes: (nanoseconds) => nanoseconds / 60_000_000_000n,
  getSeconds: (nanoseconds) => nanoseconds / 1_000_000_000n,
  getMilliseconds: (nanoseconds) => (nanoseconds % 1_000_000_000n) / 1_000_000n,
};

/** Methods that read a part of a timestamp, in UTC, or of a duration. Months, days of the month and of the year count from 0, as in CEL. */
export const timeFunctions: readonly CelFunction[] = Object.entries(ofTimestamp).map(([name, read]) => ({
  name,
  style: 'method',
  arity: [1, 1],
  run: (frame, [value]): Value => {
    spendSteps(frame, 10);
    if (value instanceof Timestamp) return BigInt(read(toDate(value)));
    const readDuration = ofDuration[name];
    if (value instanceof Duration && readDuration !== undefined) return readDuration(value.nanoseconds);
    return fail(frame, `${name} needs a timestamp, not ${kindOf(value ?? null)}`);
  },
}));

function startOfYear(date: Date): number {
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return start.getTime();
}
