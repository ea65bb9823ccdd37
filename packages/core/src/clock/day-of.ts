/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** The day in UTC of a time, milliseconds since 1970: `YYYY-MM-DD`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
