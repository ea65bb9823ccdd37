import type { ExpressionLimits } from '../../expression/expression-limits.ts';
import type { Frame } from '../../expression/frame.ts';
import type { Conjunct } from '../conjuncts-of.ts';
import type { Decide } from '../verdict.ts';
import type { SharedPaths } from './shared-paths.ts';

/** What is known of a test about one subject. `dear`: it holds, and took so much fuel that it says nothing of a condition as a whole. */
export const verdicts = { open: 0, fails: 1, holds: 2, dear: 3 } as const;

/** A test that takes up to this share of an evaluation's fuel is not dear: so many of them stay within it together. */
export const dearShare = 8;

/** Tests that many rules have, each kept once and decided once about a subject. */
export interface SharedTests {
  /** The number of a test; the same test has the same number while a rule has it. */
  take(conjunct: Conjunct): number;
  /** A rule has it no more. */
  drop(test: number): void;
  /** One more than the largest number. */
  readonly size: number;
  /** Decides a test. Its fuel is its own; the frame tells what it took. */
  decide(test: number, about: { readonly read: (place: number) => unknown; readonly frame: Frame }): number;
}

interface SharedTest {
  readonly key: string;
  /** -1: the whole scope. */
  readonly place: number;
  readonly decide: Decide;
  uses: number;
}

/** No tests yet. */
export function sharedTests(paths: SharedPaths, limits: ExpressionLimits): SharedTests {
  const numbers = new Map<string, number>();
  const tests: (SharedTest | undefined)[] = [];
  const free: number[] = [];
  const dearSteps = limits.steps - limits.steps / dearShare;
  const dearBytes = limits.bytes - limits.bytes / dearShare;

  return {
    take(conjunct) {
      const known = numbers.get(conjunct.key);
      const shared = known === undefined ? undefined : tests[known];
      if (known !== undefined && shared !== undefined) {
        shared.uses += 1;
        return known;
      }
      const { key, path, decide } = conjunct;
      const number = free.pop() ?? tests.length;
      tests[number] = { key, place: path === null ? -1 : paths.placeOf(path), decide, uses: 1 };
      numbers.set(key, number);
      return number;
    },
    drop(number) {
      const shared = tests[number];
      if (shared === undefined) return;
      shared.uses -= 1;
      if (shared.uses > 0) return;
      numbers.delete(shared.key);
      tests[number] = undefined;
      free.push(number);
    },
    get size() {
      return tests.length;
    },
    decide(number, { read, frame }) {
      const test = tests[number];
      if (test === undefined) return verdicts.fails;
      frame.steps = limits.steps;
      frame.bytes = limits.bytes;
      const subject = test.place === -1 ? frame.scope : read(test.place);
      if (test.decide(subject, frame) !== true) return verdicts.fails;
      return frame.steps < dearSteps || frame.bytes < dearBytes ? verdicts.dear : verdicts.holds;
    },
  };
}
