import { type Frame, fail } from './frame.ts';
import { kindOf, type Value } from './value.ts';

/** A function of the language. Arguments are admitted values; the receiver of a method is the first. */
export interface CelFunction {
  readonly name: string;
  /** How it is called: `name(x)`, `x.name()`, or either. */
  readonly style: 'global' | 'method' | 'either';
  /** Fewest and most arguments, the receiver counted. */
  readonly arity: readonly [fewest: number, most: number];
  /** Pays for what grows with its operands before it computes. */
  readonly run: (frame: Frame, args: readonly Value[]) => Value;
}

/** The argument as a string, or a fault that names the function. */
export function textArgument(frame: Frame, value: Value | undefined, name: string): string {
  return typeof value === 'string' ? value : fail(frame, `${name} needs a string, not ${value === undefined ? 'nothing' : kindOf(value)}`);
}

/** The argument as a whole number, or a fault that names the function. */
export function wholeArgument(frame: Frame, value: Value | undefined, name: string): number {
  const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : fail(frame, `${name} needs a whole number`);
}
