const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How a length of time is written: `90s`, `15m`, `1.5h`. */
export const durationPattern = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** Milliseconds of a length of time; `null` for text that is none. */
export function parseDuration(text: string): number | null {
  const [, amount, unit = ''] = durationPattern.exec(text) ?? [];
  return amount === undefined ? null : Math.round(Number(amount) * (units[unit] ?? 0));
}

/** Days in milliseconds. */
export const days = (count: number): number => count * 86_400_000;

/** Longest wait of one step, milliseconds: runs end well before their events are taken away. */
export const longestWaitMs = days(30);
