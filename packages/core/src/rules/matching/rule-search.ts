import type { ExpressionLimits } from '../../expression/expression-limits.ts';
import { createFrame, type FuelUse } from '../../expression/frame.ts';
import type { Lookup, PlacedRule, RuleList } from './placed-rule.ts';
import type { SharedPaths } from './shared-paths.ts';
import type { SharedTests } from './shared-tests.ts';
import { verdicts } from './test-solver.ts';

/** A look for the rules that hold for one scope. It can stop and go on, so that other work has its turn. */
export interface RuleSearch<Of> {
  /** Fuel used so far. */
  readonly use: FuelUse;
  /** Rules that were looked at: the others are false by an equality of theirs. */
  readonly candidates: number;
  /**
   * Goes on until all is decided (`done`), until it has used as much as `until`, or found more than `most` (`spent`). Where the index has
   * changed since it began it is `stale`, and worth nothing.
   */
  run(until: Readonly<FuelUse>, most?: number): 'done' | 'spent' | 'stale';
  /** What was found, in order of ids. */
  found(): readonly Of[];
}

/** What a search works on. */
export interface SearchOptions<Of> {
  readonly scope: Readonly<Record<string, unknown>>;
  readonly limits: ExpressionLimits;
  readonly paths: SharedPaths;
  readonly tests: SharedTests;
  readonly lookups: Iterable<Lookup<Of>>;
  readonly always: RuleList<Of>;
  /** Has the index changed since the search began? */
  readonly isStale: () => boolean;
}

/** Begins a search. */
export function ruleSearch<Of>(options: SearchOptions<Of>): RuleSearch<Of> {
  const { scope, limits, tests, isStale } = options;
  const read = options.paths.reader(scope);
  const frame = createFrame(scope, limits);
  const about = { read, frame };
  const use: FuelUse = { steps: 0, bytes: 0 };
  const known = tests.begin(read, (steps) => {
    use.steps += steps;
  });
  const lists = listsFor(options, read);
  const found: PlacedRule<Of>[] = [];
  let candidates = 0;
  let listAt = 0;
  let ruleAt = 0;

  const decide = (test: number): number => {
    const verdict = tests.decide(test, about);
    known[test] = verdict;
    use.steps += 1 + limits.steps - frame.steps;
    use.bytes += limits.bytes - frame.bytes;
    return verdict;
  };

  /** Asks the tests behind the first one after another. Where one was dear, the condition is asked as a whole: its tests have their fuel together. */
  const holds = (placed: PlacedRule<Of>, first: number): boolean => {
    const { second, more } = placed;
    let isDear = first === verdicts.dear || !placed.isWhole;
    const verdict = known[second] || decide(second);
    if (verdict === verdicts.fails) return false;
    if (verdict === verdicts.dear) isDear = true;
    for (const test of more ?? none) {
      const next = known[test] || decide(test);
      if (next === verdicts.fails) return false;
      if (next === verdicts.dear) isDear = true;
    }
    return !isDear || (placed.rule.condition?.test(scope, use) ?? true);
  };

  return {
    use,
    get candidates() {
      return candidates;
    },
    run(until, most = Number.POSITIVE_INFINITY) {
      if (isStale()) return 'stale';
      for (; listAt < lists.length; listAt += 1) {
        const { rules, firsts } = lists[listAt] ?? options.always;
        for (; ruleAt < rules.length; ruleAt += 1) {
          if (use.steps >= until.steps || use.bytes >= until.bytes || found.length > most) return 'spent';
          candidates += 1;
          const test = firsts[ruleAt] ?? 0;
          const verdict = known[test] || decide(test);
          if (verdict === verdicts.fails) continue;
          const placed = rules[ruleAt];
          if (placed !== undefined && holds(placed, verdict)) found.push(placed);
        }
        ruleAt = 0;
      }
      if (found.length > most) return 'spent';
      tests.end(known);
      return 'done';
    },
    found: () => found.sort((left, right) => left.order - right.order).map(({ rule }) => rule.of),
  };
}

const none: readonly number[] = [];

/** The rules that the values of the scope lead to, and those that nothing leads to. */
function listsFor<Of>({ lookups, always }: SearchOptions<Of>, read: (place: number) => unknown): readonly RuleList<Of>[] {
  const lists: RuleList<Of>[] = [];
  for (const { place, byValue } of lookups) {
    const value = read(place);
    const list = byValue.get(typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value);
    if (list !== undefined) lists.push(list);
  }
  return always.rules.length > 0 ? [...lists, always] : lists;
}
