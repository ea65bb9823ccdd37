import { type Frame, fail } from './frame.ts';

/** A double as text: `3` for 3.0, `0.5`, `1e+21`. Infinity and NaN become `+infinity`, `-infinity` and `NaN`, as in CEL. */
export function formatDouble(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+infinity' : '-infinity';
}

/** The int as a number of JSON, exact or a fault. */
export function intToNumber(frame: Frame, value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : fail(frame, 'an integer beyond 2^53 is no JSON number, wrap it in string(…)');
}
