const shapes = { seconds: /^[1-9][0-9]{9}$/, milliseconds: /^[1-9][0-9]{12}$/ };
const perSecond = { seconds: 1, milliseconds: 1_000 };

/** A rule for a signed time. */
export interface TimeRule {
  readonly unit: 'seconds' | 'milliseconds';
  readonly toleranceSeconds: number;
}

/** True for digits alone that say a time near `now` (milliseconds since 1970), before or after. */
export function isTimely(text: string, { unit, toleranceSeconds }: TimeRule, now: number): boolean {
  // Asked this way round, a tolerance that is no number accepts nothing.
  return shapes[unit].test(text) && Math.abs(now / 1_000 - Number(text) / perSecond[unit]) <= toleranceSeconds;
}
