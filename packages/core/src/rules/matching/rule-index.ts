import { resolveLimits } from '../../expression/expression-limits.ts';
import type { Scalar } from '../condition.ts';
import type { Conjunct } from '../conjuncts-of.ts';
import type { Lookup, PlacedRule, Rule, RuleList } from './placed-rule.ts';
import { type RuleSearch, ruleSearch } from './rule-search.ts';
import { sharedPaths } from './shared-paths.ts';
import { alwaysHolds, sharedTests } from './shared-tests.ts';

/** Where a rule is kept, to be taken away from there. */
interface Kept<Of> {
  readonly placed: PlacedRule<Of>;
  readonly tests: readonly number[];
  readonly access: Access | null;
}

/** The equality that a rule is looked up by. */
interface Access {
  readonly place: number;
  readonly values: readonly Scalar[];
}

/**
 * Rules that start on the same thing, indexed by the equalities that they share. Putting or taking away one rule costs as much as that
 * rule; the others stay as they are.
 */
export interface RuleIndex<Of> {
  /** Puts a rule, in place of the one of the same id. */
  put(rule: Rule<Of>): void;
  remove(id: string): void;
  readonly size: number;
  /** Begins to look for the rules that hold for a scope. */
  search(scope: Readonly<Record<string, unknown>>): RuleSearch<Of>;
}

/** Most tests of a rule that may hold one by one and say so of the whole. */
const mostWhole = 8;

/** An index without rules. */
export function ruleIndex<Of>(): RuleIndex<Of> {
  const limits = resolveLimits();
  const paths = sharedPaths();
  const tests = sharedTests(paths, limits);
  const kept = new Map<string, Kept<Of>>();
  const lookups = new Map<number, Lookup<Of>>();
  const always: RuleList<Of> = { rules: [], firsts: [] };
  let isOrdered = true;
  let lastId = '';
  let nextOrder = 0;
  let edition = 0;

  const crowd = (place: number, value: Scalar): number => lookups.get(place)?.byValue.get(value)?.rules.length ?? 0;
  /** The equality that the fewest others are looked up by: one that all rules share tells none of them apart. */
  const chooseAccess = (conjuncts: readonly Conjunct[]): number => {
    let chosen = -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [at, { equals, path }] of conjuncts.entries()) {
      if (equals === null || path === null) continue;
      const place = paths.placeOf(path);
      const others = Math.max(...equals.map((value) => crowd(place, value)));
      if (others >= fewest) continue;
      chosen = at;
      fewest = others;
    }
    return chosen;
  };

  const listOf = (place: number, value: Scalar): RuleList<Of> => {
    const lookup = lookups.get(place) ?? { place, byValue: new Map<unknown, RuleList<Of>>() };
    const list = lookup.byValue.get(value) ?? { rules: [], firsts: [] };
    lookups.set(place, lookup);
    lookup.byValue.set(value, list);
    return list;
  };

  const remove = (id: string): void => {
    const found = kept.get(id);
    if (found === undefined) return;
    edition += 1;
    kept.delete(id);
    found.tests.forEach(tests.drop);
    if (found.access === null) {
      takeOut(always, found.placed);
      return;
    }
    const { place, values } = found.access;
    for (const value of values) {
      const list = listOf(place, value);
      takeOut(list, found.placed);
      if (list.rules.length === 0) lookups.get(place)?.byValue.delete(value);
    }
    if (lookups.get(place)?.byValue.size === 0) lookups.delete(place);
  };

  return {
    get size() {
      return kept.size;
    },
    remove,
    put(rule) {
      const replaced = kept.get(rule.id);
      remove(rule.id);
      edition += 1;
      const conjuncts = distinct(rule.condition?.conjuncts() ?? []);
      const at = chooseAccess(conjuncts);
      const chosen = conjuncts[at];
      const asked = conjuncts.filter((_, index) => index !== at).sort((left, right) => left.cost - right.cost);
      const taken = asked.map(tests.take);
      const [first = alwaysHolds, second = alwaysHolds, ...more] = taken;
      const placed: PlacedRule<Of> = {
        rule,
        second,
        more: more.length === 0 ? null : more,
        isWhole: conjuncts.length <= mostWhole,
        order: replaced?.placed.order ?? nextOrder++,
      };
      const access = chosen?.equals && chosen.path ? { place: paths.placeOf(chosen.path), values: [...new Set(chosen.equals)] } : null;
      if (access === null) putIn(always, placed, first);
      else for (const value of access.values) putIn(listOf(access.place, value), placed, first);
      kept.set(rule.id, { placed, tests: taken, access });
      if (replaced === undefined) {
        // Ids are made in order of time, so a new rule nearly always comes last.
        if (rule.id < lastId) isOrdered = false;
        else lastId = rule.id;
      }
    },
    search(scope) {
      if (!isOrdered) {
        [...kept.values()]
          .sort((left, right) => (left.placed.rule.id < right.placed.rule.id ? -1 : 1))
          .forEach(({ placed }, order) => {
            placed.order = order;
          });
        nextOrder = kept.size;
        isOrdered = true;
      }
      const began = edition;
      return ruleSearch({ scope, limits, paths, tests, lookups: lookups.values(), always, isStale: () => edition !== began });
    },
  };
}

function putIn<Of>({ rules, firsts }: RuleList<Of>, placed: PlacedRule<Of>, first: number): void {
  rules.push(placed);
  firsts.push(first);
}

/** The last one takes its place: lists have no order. */
function takeOut<Of>({ rules, firsts }: RuleList<Of>, placed: PlacedRule<Of>): void {
  const at = rules.indexOf(placed);
  if (at === -1) return;
  const last = rules.pop();
  const first = firsts.pop();
  if (at === rules.length || last === undefined || first === undefined) return;
  rules[at] = last;
  firsts[at] = first;
}

/** The same test twice is one. */
function distinct(conjuncts: readonly Conjunct[]): readonly Conjunct[] {
  return [...new Map(conjuncts.map((conjunct) => [conjunct.key, conjunct])).values()];
}
