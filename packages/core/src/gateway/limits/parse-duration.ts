const units: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};

const part = /(\d{1,9}(?:\.\d{1,9})?)(d|h|ms|m|us|µs|ns|s)/y;

/** Milliseconds of a duration as Go writes it: `6m0s`, `120ms`, `1h2m`, `1.5s`. `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 40) return undefined;
  let total = 0;
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found === null) return undefined;
    total += Number(found[1]) * (units[found[2] ?? ''] ?? Number.NaN);
    at = part.lastIndex;
  }
  return at === 0 || Number.isNaN(total) ? undefined : Math.ceil(total);
}
