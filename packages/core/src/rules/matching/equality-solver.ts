import type { Scalar } from '../condition.ts';
import { type KnownVerdicts, type TestSolver, verdicts } from './test-solver.ts';

/** Decides all equalities and memberships at one place by one look: only those that hold are touched. */
export function equalitySolver(): TestSolver<readonly Scalar[]> {
  const byValue = new Map<unknown, number[]>();
  return {
    add(test, values) {
      for (const value of new Set(values)) {
        const tests = byValue.get(value);
        if (tests === undefined) byValue.set(value, [test]);
        else tests.push(test);
      }
    },
    remove(test, values) {
      for (const value of new Set(values)) {
        const left = byValue.get(value)?.filter((each) => each !== test) ?? [];
        if (left.length === 0) byValue.delete(value);
        else byValue.set(value, left);
      }
    },
    isEmpty: () => byValue.size === 0,
    solve(value, known: KnownVerdicts) {
      const holding = byValue.get(typeof value === 'bigint' ? numberOf(value) : value);
      if (holding === undefined) return 1;
      for (const test of holding) known[test] = verdicts.holds;
      return 1 + (holding.length >>> 3);
    },
  };
}

/** As an equality looks at a whole number beyond JSON. */
function numberOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
