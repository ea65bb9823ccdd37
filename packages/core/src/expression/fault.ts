import { PatchbayError } from '../errors/patchbay-error.ts';
import { describePosition, excerptOf, lineAndColumn, type Site } from './site.ts';

/**
 * Why an evaluation stopped. Thrown inside this folder only, and not an `Error`, because capturing a stack for each would cost more
 * than the evaluation. `reason` holds no data value: kinds, limits and words of the source only.
 */
export class Fault {
  readonly reason: string;
  readonly site: Site;
  /** True when a limit was reached: `||`, `&&`, `all` and `exists` absorb other faults, never this one. */
  readonly final: boolean;

  constructor(reason: string, site: Site, final = false) {
    this.reason = reason;
    this.site = site;
    this.final = final;
  }
}

/** Says at compile time what is wrong with an expression, and where. Code `expression_invalid`. */
export function invalidExpression(source: string, site: Site, reason: string): PatchbayError {
  return new PatchbayError({
    code: 'expression_invalid',
    message: `The expression is not valid at ${describePosition(source, site.start)}: ${reason}. Correct it there.`,
    details: { ...lineAndColumn(source, site.start), reason },
  });
}

/** Turns what an evaluation threw into `expression_failed`, or `fuel_exhausted` where a limit was reached. */
export function evaluationError(source: string, thrown: unknown): PatchbayError {
  if (!(thrown instanceof Fault)) return unexpectedError(source, thrown);
  const { reason, site, final } = thrown;
  return new PatchbayError({
    code: final ? 'fuel_exhausted' : 'expression_failed',
    message: describeFault(source, thrown),
    details: { ...lineAndColumn(source, site.start), reason },
  });
}

/** What failed, where and why, in one sentence that holds no data. */
export function describeFault(source: string, fault: Fault): string {
  const { reason, site } = fault;
  return `The expression fails at ${describePosition(source, site.start)}, in "${excerptOf(source, site)}": ${reason}.`;
}

function unexpectedError(source: string, thrown: unknown): PatchbayError {
  const stackSpent = thrown instanceof RangeError;
  const reason = stackSpent
    ? 'the call stack is spent, evaluate it from a shallower call'
    : 'a fault inside the evaluator, please report it';
  return new PatchbayError({
    code: 'expression_failed',
    message: `The expression fails, in "${excerptOf(source, { start: 0, end: source.length })}": ${reason}.`,
    cause: thrown,
    details: { reason },
  });
}
