import { PatchbayError } from '../errors/patchbay-error.ts';

/** What one expression may use. Fuel decides, never the clock, so that the same input always ends the same way. */
export interface ExpressionLimits {
  /** Longest source, in UTF-16 units. @default 4096 */
  readonly sourceLength: number;
  /** Most nodes in the syntax tree. @default 2000 */
  readonly nodes: number;
  /** Deepest nesting of the syntax tree, and of data that is compared or leaves. @default 100 */
  readonly depth: number;
  /** Steps of one evaluation: about one for each node evaluated, more for work that grows with its operands. @default 100000 */
  readonly steps: number;
  /** Bytes that one evaluation may build or let out: strings at two a character, 16 for a list place, 96 for a map entry. @default 4194304 */
  readonly bytes: number;
}

/** The limits where none are given. 100,000 steps of the dearest kind took 28 ms on a busy two-core cloud machine; 4 MiB counted stayed below 7 MiB of heap. */
export const defaultLimits: ExpressionLimits = { sourceLength: 4_096, nodes: 2_000, depth: 100, steps: 100_000, bytes: 4_194_304 };

/** The defaults with the given limits over them. Throws `invalid_argument` for a limit that is no positive integer and so bounds nothing. */
export function resolveLimits(limits: Partial<ExpressionLimits> = {}): ExpressionLimits {
  for (const [name, limit] of Object.entries(limits)) {
    if (Number.isSafeInteger(limit) && limit > 0) continue;
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The limit "${name}" is no positive integer. Give one, or leave it out.`,
    });
  }
  return { ...defaultLimits, ...limits };
}
