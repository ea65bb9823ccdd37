import type { ExpressionLimits } from '../../expression/expression-limits.ts';
import type { Frame } from '../../expression/frame.ts';
import type { Scalar } from '../condition.ts';
import type { Conjunct } from '../conjuncts-of.ts';
import type { Decide } from '../verdict.ts';
import { equalitySolver } from './equality-solver.ts';
import type { SharedPaths } from './shared-paths.ts';
import { type KnownVerdicts, type TestSolver, verdicts } from './test-solver.ts';
import { type TextSearch, textSolver } from './text-solver.ts';

/** A test that takes up to this share of an evaluation's fuel is not dear: so many of them stay within it together. */
const dearShare = 8;

/** The number of the test that always holds. */
export const alwaysHolds = 0;

/** Reads the value at a place of the subject. */
export type ReadPlace = (place: number) => unknown;

/** Tests that many rules have, each kept once and decided once about a subject. */
export interface SharedTests {
  /** The number of a test; the same test has the same number while a rule has it. */
  take(conjunct: Conjunct): number;
  /** A rule has it no more. */
  drop(test: number): void;
  /** What is known of each test about a subject when a search begins: equalities and text searches are decided, all together. */
  begin(read: ReadPlace, spend: (steps: number) => void): KnownVerdicts;
  /** Gives back what `begin` lent. */
  end(known: KnownVerdicts): void;
  /** Decides an open test. Its fuel is its own; the frame tells what it took. */
  decide(test: number, about: { readonly read: ReadPlace; readonly frame: Frame }): number;
}

interface SharedTest {
  readonly conjunct: Pick<Conjunct, 'key' | 'equals' | 'text'>;
  /** -1: the whole scope. */
  readonly place: number;
  readonly decide: Decide;
  uses: number;
}

type Solvers<Operand> = Map<number, TestSolver<Operand>>;

/** No tests yet. */
export function sharedTests(paths: SharedPaths, limits: ExpressionLimits): SharedTests {
  const numbers = new Map<string, number>();
  const tests: (SharedTest | undefined)[] = [undefined];
  const free: number[] = [];
  const equalities: Solvers<readonly Scalar[]> = new Map();
  const searches: Solvers<TextSearch> = new Map();
  let first: KnownVerdicts = Uint8Array.of(verdicts.holds);
  let lent: KnownVerdicts | null = null;
  const dearSteps = limits.steps - limits.steps / dearShare;
  const dearBytes = limits.bytes - limits.bytes / dearShare;

  /** What a search begins with; grows with the tests. */
  const note = (test: number, verdict: number): void => {
    if (test >= first.length) {
      const larger = new Uint8Array(first.length * 2 + 64);
      larger.set(first);
      first = larger;
    }
    first[test] = verdict;
  };

  return {
    take(conjunct) {
      const { key, path, decide, equals, text } = conjunct;
      const known = numbers.get(key);
      const shared = known === undefined ? undefined : tests[known];
      if (known !== undefined && shared !== undefined) {
        shared.uses += 1;
        return known;
      }
      const number = free.pop() ?? tests.length;
      const place = path === null ? -1 : paths.placeOf(path);
      tests[number] = { conjunct: { key, equals, text }, place, decide, uses: 1 };
      numbers.set(key, number);
      note(number, equals === null && text === null ? verdicts.open : verdicts.fails);
      if (equals !== null) solverAt(equalities, place, equalitySolver).add(number, equals);
      if (text !== null) solverAt(searches, place, textSolver).add(number, text);
      return number;
    },
    drop(number) {
      const shared = tests[number];
      if (shared === undefined) return;
      shared.uses -= 1;
      if (shared.uses > 0) return;
      const { conjunct, place } = shared;
      numbers.delete(conjunct.key);
      tests[number] = undefined;
      free.push(number);
      if (conjunct.equals !== null) withoutTest(equalities, place, (solver) => solver.remove(number, conjunct.equals ?? []));
      if (conjunct.text !== null) {
        const { text } = conjunct;
        withoutTest(searches, place, (solver) => solver.remove(number, text));
      }
    },
    begin(read, spend) {
      const known = lent?.length === first.length ? lent : new Uint8Array(first.length);
      lent = null;
      known.set(first);
      for (const [place, solver] of equalities) spend(solver.solve(read(place), known));
      for (const [place, solver] of searches) spend(solver.solve(read(place), known));
      return known;
    },
    end(known) {
      lent = known;
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

function solverAt<Operand>(solvers: Solvers<Operand>, place: number, make: () => TestSolver<Operand>): TestSolver<Operand> {
  const solver = solvers.get(place) ?? make();
  solvers.set(place, solver);
  return solver;
}

function withoutTest<Operand>(solvers: Solvers<Operand>, place: number, remove: (solver: TestSolver<Operand>) => void): void {
  const solver = solvers.get(place);
  if (solver === undefined) return;
  remove(solver);
  if (solver.isEmpty()) solvers.delete(place);
}
