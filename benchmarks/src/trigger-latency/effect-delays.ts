import type { Start, Trigger } from './messages.ts';

/** How long one effect took to start, in milliseconds. */
export interface EffectDelay {
  /** From the commit as the caller learned of it; from before it was asked for, where the effect started before the caller learned. */
  readonly delay: number;
  /** From before the trigger was asked for, so with its commit. */
  readonly whole: number;
  /** Whether the effect started before the caller learned of the commit. */
  readonly isEarly: boolean;
}

/** What each trigger waited for its effect. Throws where an effect is missing, came more than once, or belongs to no trigger. */
export function effectDelays(triggers: readonly Trigger[], starts: readonly Start[]): readonly EffectDelay[] {
  const startsOf = new Map<number, number[]>();
  for (const { number, at } of starts) startsOf.set(number, [...(startsOf.get(number) ?? []), at]);
  const delays = triggers.map(({ number, asked, committed }) => {
    const [at, ...others] = startsOf.get(number) ?? [];
    if (at === undefined) throw new Error(`The effect of trigger ${number} is missing.`);
    if (others.length > 0) throw new Error(`The effect of trigger ${number} started ${others.length + 1} times.`);
    const isEarly = at < committed;
    return { delay: at - (isEarly ? asked : committed), whole: at - asked, isEarly };
  });
  if (startsOf.size !== triggers.length) throw new Error(`${startsOf.size} effects started for ${triggers.length} triggers.`);
  return delays;
}
