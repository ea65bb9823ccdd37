/** A length of time in nanoseconds, at most 292 years. A class, so that no data can pass for one. */
export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

// CEL keeps a duration in 64 bits of nanoseconds.
const longest = 9_223_372_036_854_775_807n;

const nanosecondsOf = new Map<string, bigint>([
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['ns', 1n],
]);

const part = /(\d{1,15})(?:\.(\d{1,18}))?(ms|us|µs|ns|h|m|s)/y;

/** A duration of those nanoseconds, or undefined beyond 292 years. */
export function durationOf(nanoseconds: bigint): Duration | undefined {
  return nanoseconds > longest || nanoseconds < -longest ? undefined : new Duration(nanoseconds);
}

/** Reads `1h30m`, `-2.5s`, `150ms`; units are h, m, s, ms, us, µs and ns. Undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  if (text.length > 64) return undefined;
  const signed = text.startsWith('-') || text.startsWith('+');
  let offset = signed ? 1 : 0;
  if (text.slice(offset) === '0') return new Duration(0n);
  if (offset === text.length) return undefined;
  let total = 0n;
  while (offset < text.length) {
    part.lastIndex = offset;
    const found = part.exec(text);
    const unit = nanosecondsOf.get(found?.[3] ?? '');
    if (found === null || unit === undefined) return undefined;
    const fraction = found[2] ?? '';
    total += BigInt(found[1] ?? '0') * unit + (BigInt(fraction || '0') * unit) / 10n ** BigInt(fraction.length);
    offset += found[0].length;
  }
  return durationOf(text.startsWith('-') ? -total : total);
}

/** Seconds with as many decimals as needed and the unit, such as `5400s` or `-2.5s`: protobuf's JSON form. */
export function formatDuration(duration: Duration): string {
  const magnitude = duration.nanoseconds < 0n ? -duration.nanoseconds : duration.nanoseconds;
  const fraction = magnitude % 1_000_000_000n;
  const digits = fraction === 0n ? '' : `.${fraction.toString().padStart(9, '0').replace(/0+$/, '')}`;
  return `${duration.nanoseconds < 0n ? '-' : ''}${magnitude / 1_000_000_000n}${digits}s`;
}
