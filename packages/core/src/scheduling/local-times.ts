/** A moment as the clock on the wall shows it. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM`. */
  readonly time: string;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** Reads moments, milliseconds since 1970, on the wall of a zone. Throws `RangeError` for a zone that is none. */
export function localTimes(timeZone: string): (at: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
    const day = `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`;
    return { day, time: `${of('hour')}:${of('minute')}`, weekday: new Date(`${day}T00:00:00Z`).getUTCDay() };
  };
}
