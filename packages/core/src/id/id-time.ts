const zeros = '7000-8000-000000000000';

/** The least id of a time, milliseconds since 1970: ids made earlier are below it. */
export function firstIdAt(time: number): string {
  return withTime(time, zeros);
}

/** The id with another time, milliseconds since 1970; what makes it unlike others stays. */
export function idAt(time: number, id: string): string {
  return withTime(time, id.slice(14));
}

/** The time at which an id was made, milliseconds since 1970, on the clock of the process that made it. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The first 48 bits of a uuid v7 are its milliseconds. */
function withTime(time: number, rest: string): string {
  const text = Math.min(Math.max(0, Math.floor(time)), 0xffff_ffff_ffff)
    .toString(16)
    .padStart(12, '0');
  return `${text.slice(0, 8)}-${text.slice(8)}-${rest}`;
}
