import type { ClaimedDispatch } from './dispatch-records.ts';

/** What an automation says of how the dispatches of one of its steps are tried; what it leaves out is as their executor says. */
export interface StepRules {
  /** Milliseconds for one try. */
  readonly timeoutMs?: number;
  /** Recorded outcomes of a round before it is dead. */
  readonly maximumAttempts?: number;
  /** Milliseconds until the next try after `attempts` recorded ones; `random` is between 0 and 1. */
  readonly backoffMs?: (attempts: number, random: number) => number;
  /**
   * Asks for a place among those that may be under way. Answers what gives it back, or the milliseconds after which to ask again. `forMs`: the
   * longest that it is needed.
   */
  readonly enter?: (forMs: number) => Promise<(() => void) | number>;
}

/** Knows the rules of steps. Implemented by `routing`. */
export interface StepRuleBook {
  /** `null`: nothing is said of it. Throws where the automation cannot be read now. */
  of(dispatch: ClaimedDispatch): Promise<StepRules | null>;
}
