import { Fault } from '../expression/fault.ts';
import type { Frame } from '../expression/frame.ts';

/** A condition could not be decided. */
export interface Erred {
  readonly reason: string;
  /** True when a limit was reached: then the whole condition has erred, whatever its other parts say. */
  readonly final: boolean;
}

/** What a part of a condition answers. An error is neither true nor false, so that `not` cannot turn it into true. */
export type Verdict = boolean | Erred;

/** Decides a part of a condition about a subject: the scope's root, or an item of a list. Never throws for what data holds. */
export type Decide = (subject: unknown, frame: Frame) => Verdict;

/** An error that other parts may outweigh. */
export function erred(reason: string): Erred {
  return { reason, final: false };
}

/** Runs a test that may throw a fault and answers it as an error. */
export function guarded(decide: Decide): Decide {
  return (subject, frame) => {
    try {
      return decide(subject, frame);
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      return { reason: thrown.reason, final: thrown.final };
    }
  };
}

/** Negates a verdict; an error stays one. */
export function negated(verdict: Verdict): Verdict {
  return typeof verdict === 'boolean' ? !verdict : verdict;
}
