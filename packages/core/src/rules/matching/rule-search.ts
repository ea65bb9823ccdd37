import type { ExpressionLimits } from '../../expression/expression-limits.ts';
import { createFrame, type FuelUse } from '../../expression/frame.ts';
import type { Lookup, PlacedRule } from './placed-rule.ts';
import type { SharedPaths } from './shared-paths.ts';
import { type SharedTests, verdicts } from './shared-tests.ts';

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
  readonly always: readonly PlacedRule<Of>[];
  /** Has the index changed since the search began? */
  readonly isStale: () => boolean;
}

/** Begins a search. */
export function ruleSearch<Of>({ scope, limits, paths, tests, lookups, always, isStale }: SearchOptions<Of>): RuleSearch<Of> {
  const read = paths.reader(scope);
  const frame = createFrame(scope, limits);
  const about = { read, frame };
  const known = new Uint8Array(tests.size);
  const use: FuelUse = { steps: 0, bytes: 0 };
  const found: PlacedRule<Of>[] = [];
  const lists: (readonly PlacedRule<Of>[])[] = [];
  let candidates = 0;
  for (const { place, byValue } of lookups) {
    const value = read(place);
    const list = byValue.get(typeof value === 'bigint' ? numberOf(value) : value);
    if (list !== undefined) lists.push(list);
  }
  if (always.length > 0) lists.push(always);
  let listAt = 0;
  let ruleAt = 0;

  const decide = (test: number): number => {
    const verdict = tests.decide(test, about);
    known[test] = verdict;
    use.steps += 1 + limits.steps - frame.steps;
    use.bytes += limits.bytes - frame.bytes;
    return verdict;
  };

  /** Asks the tests one after another; the lowest verdict stands for all. */
  const judge = (placed: PlacedRule<Of>): number => {
    let worst: number = placed.isWhole ? verdicts.holds : verdicts.dear;
    const { first, second, more } = placed;
    if (first !== -1) {
      const verdict = known[first] || decide(first);
      if (verdict === verdicts.fails) return verdict;
      if (verdict === verdicts.dear) worst = verdict;
    }
    if (second !== -1) {
      const verdict = known[second] || decide(second);
      if (verdict === verdicts.fails) return verdict;
      if (verdict === verdicts.dear) worst = verdict;
    }
    if (more === null) return worst;
    for (const test of more) {
      const verdict = known[test] || decide(test);
      if (verdict === verdicts.fails) return verdict;
      if (verdict === verdicts.dear) worst = verdict;
    }
    return worst;
  };

  /** Where a test was dear, the condition is asked as a whole: its tests have their fuel together. */
  const holds = (placed: PlacedRule<Of>): boolean => {
    const verdict = judge(placed);
    if (verdict !== verdicts.dear) return verdict === verdicts.holds;
    return placed.rule.condition?.test(scope, use) ?? true;
  };

  return {
    use,
    get candidates() {
      return candidates;
    },
    run(until, most = Number.POSITIVE_INFINITY) {
      if (isStale()) return 'stale';
      for (; listAt < lists.length; listAt += 1) {
        const list = lists[listAt] ?? [];
        for (; ruleAt < list.length; ruleAt += 1) {
          if (use.steps >= until.steps || use.bytes >= until.bytes || found.length > most) return 'spent';
          const placed = list[ruleAt];
          if (placed === undefined) continue;
          candidates += 1;
          if (holds(placed)) found.push(placed);
        }
        ruleAt = 0;
      }
      return found.length > most ? 'spent' : 'done';
    },
    found: () => found.sort((left, right) => left.order - right.order).map(({ rule }) => rule.of),
  };
}

/** As an equality looks at a whole number beyond JSON. */
function numberOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
