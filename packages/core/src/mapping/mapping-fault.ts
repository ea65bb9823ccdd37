import { Fault } from '../expression/fault.ts';
import type { ValueKind } from './value-kind.ts';

/** Why one field could not be mapped. It holds no value. */
export interface MappingFault {
  /** Path in the result: `lines[3].amount`. */
  readonly to: string;
  /** Path in the source; `null` where a formula reads it. */
  readonly from: string | null;
  /** What kind of value was found. */
  readonly kind: ValueKind;
  readonly reason: string;
  /** A bound was reached, and nothing behind it was looked at. */
  readonly isFinal: boolean;
}

/** Thrown inside this room only: why one value cannot be used. Not an `Error`, because a stack for each would cost more than the mapping. */
export class Unfit {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Reads what was thrown while a value was mapped; anything else is thrown on. */
export function reasonOfThrown(thrown: unknown): { readonly reason: string; readonly isFinal: boolean } {
  if (thrown instanceof Unfit) return { reason: thrown.reason, isFinal: false };
  if (thrown instanceof Fault) return { reason: thrown.reason, isFinal: thrown.final };
  throw thrown;
}
