import type { Json } from '../json/json.ts';
import { compileProgram } from './compile-program.ts';
import { type ExpressionLimits, resolveLimits } from './expression-limits.ts';
import { evaluationError } from './fault.ts';
import { addUse, createFrame, type FuelUse } from './frame.ts';
import type { Path } from './path.ts';
import { toJson } from './to-json.ts';

/** What compiling an expression takes besides its source. */
export interface ExpressionOptions {
  /** Variables that exist, for example `event`, `steps` and `now`. @default any */
  readonly roots?: readonly string[];
  /** @default 4096 characters, 2000 nodes, depth 100, 100000 steps, 4 MiB */
  readonly limits?: Partial<ExpressionLimits>;
}

/** A compiled CEL expression. Holds no state between evaluations. */
export interface CompiledExpression {
  readonly source: string;
  /** Variables it reads, with the members that are known before it runs: `event.data.labels.exists(l, …)` reads `event.data.labels`. */
  readonly roots: readonly Path[];
  /**
   * Computes the value from plain JSON data; `now` may be milliseconds, a Date or RFC 3339. Throws `expression_failed`, or
   * `fuel_exhausted` where a limit is reached; neither tells any data. What it used is added to `use`.
   */
  readonly evaluate: (scope: Readonly<Record<string, unknown>>, use?: FuelUse) => Json;
}

/** Compiles CEL to closures. Throws `expression_invalid` with line, column and reason for what does not parse or does not exist. */
export function compileExpression(source: string, options: ExpressionOptions = {}): CompiledExpression {
  const limits = resolveLimits(options.limits);
  const program = compileProgram(source, options);
  return {
    source,
    roots: program.reads,
    evaluate: (scope, use) => {
      const frame = createFrame(scope, limits);
      try {
        const value = program.run(frame);
        frame.site = { start: 0, end: source.length };
        return toJson(frame, value);
      } catch (thrown) {
        throw evaluationError(source, thrown);
      } finally {
        if (use !== undefined) addUse(use, frame, limits);
      }
    },
  };
}
