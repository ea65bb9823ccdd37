/** A moment in nanoseconds since 1970 in UTC, between the years 1 and 9999. A class, so that no data can pass for one. */
export class Timestamp {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;
const earliest = -62_135_596_800_000_000_000n;
const latest = 253_402_300_799_999_999_999n;

/** A timestamp of those nanoseconds, or undefined outside the years 1 to 9999. */
export function timestampOf(nanoseconds: bigint): Timestamp | undefined {
  return nanoseconds < earliest || nanoseconds > latest ? undefined : new Timestamp(nanoseconds);
}

/** Reads RFC 3339, for example `2026-01-31T08:00:00Z`; undefined for anything else, a date that does not exist included. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  const offset = offsetMinutes(parts[8] ?? 'Z');
  if (!exists || offset === undefined) return undefined;
  const fraction = BigInt((parts[7] ?? '').padEnd(9, '0'));
  return timestampOf(BigInt(date.getTime() - offset * 60_000) * 1_000_000n + fraction);
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** The moment as a `Date`, cut to milliseconds. */
export function toDate(timestamp: Timestamp): Date {
  const milliseconds = timestamp.nanoseconds / 1_000_000n;
  const floor = timestamp.nanoseconds % 1_000_000n < 0n ? milliseconds - 1n : milliseconds;
  return new Date(Number(floor));
}

/** RFC 3339 in UTC with as many digits of a second as needed. */
export function formatTimestamp(timestamp: Timestamp): string {
  const fraction = ((timestamp.nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const digits = fraction === 0n ? '' : `.${fraction.toString().padStart(9, '0').replace(/0+$/, '')}`;
  return `${toDate(timestamp).toISOString().slice(0, 19)}${digits}Z`;
}
