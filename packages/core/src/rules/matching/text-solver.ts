import { type KnownVerdicts, type TestSolver, verdicts } from './test-solver.ts';

/** A search for a text: anywhere, at the start or at the end. */
export interface TextSearch {
  readonly op: 'contains' | 'starts_with' | 'ends_with';
  readonly sought: string;
}

/** Characters by which what is sought is looked up; shorter ones are not for this. */
export const shortestSought = 3;

/** Longest text that is looked through whatever the number of tests. */
const alwaysThrough = 64;

/** Tests by the text that they seek, those with the same three characters together. */
type Grams = Map<number, SoughtTest[]>;

interface SoughtTest {
  readonly test: number;
  readonly sought: string;
}

/**
 * Decides all text searches at one place in one pass over the text: each three characters of it lead to the few tests that seek what begins with
 * them. Where the text is long and the tests are few, or where too many begin alike, they are asked one by one.
 */
export function textSolver(): TestSolver<TextSearch> {
  const grams: Readonly<Record<TextSearch['op'], Grams>> = { contains: new Map(), starts_with: new Map(), ends_with: new Map() };
  let count = 0;

  const open = (known: KnownVerdicts, op: TextSearch['op']): void => {
    for (const tests of grams[op].values()) for (const { test } of tests) known[test] = verdicts.open;
  };

  /** Asks the tests at one place of the text. */
  const ask = (
    tests: readonly SoughtTest[],
    found: { readonly text: string; readonly at: number; readonly known: KnownVerdicts },
  ): void => {
    for (const { test, sought } of tests) if (found.text.startsWith(sought, found.at)) found.known[test] = verdicts.holds;
  };

  /** Answers how many tests it asked, or more than `most` where it gave up. */
  const pass = (text: string, known: KnownVerdicts, most: number): number => {
    let asked = 0;
    const { contains } = grams;
    for (let at = 0; at + shortestSought <= text.length; at += 1) {
      const tests = contains.get(gramAt(text, at));
      if (tests === undefined) continue;
      asked += tests.length;
      if (asked > most) return asked;
      ask(tests, { text, at, known });
    }
    return asked;
  };

  return {
    add(test, { op, sought }) {
      const key = keyOf(op, sought);
      const tests = grams[op].get(key);
      if (tests === undefined) grams[op].set(key, [{ test, sought }]);
      else tests.push({ test, sought });
      if (op === 'contains') count += 1;
    },
    remove(test, { op, sought }) {
      const key = keyOf(op, sought);
      const left = grams[op].get(key)?.filter((each) => each.test !== test) ?? [];
      if (left.length === 0) grams[op].delete(key);
      else grams[op].set(key, left);
      if (op === 'contains') count -= 1;
    },
    isEmpty: () => Object.values(grams).every((each) => each.size === 0),
    solve(value, known) {
      // A list is looked at item by item; whatever else is no text contains nothing, or is an error.
      if (Array.isArray(value)) open(known, 'contains');
      if (typeof value !== 'string') return 1;
      if (value.length < shortestSought) return 1;
      const starting = grams.starts_with.get(gramAt(value, 0)) ?? [];
      ask(starting, { text: value, at: 0, known });
      const ending = grams.ends_with.get(gramAt(value, value.length - shortestSought)) ?? [];
      for (const { test, sought } of ending) if (value.endsWith(sought)) known[test] = verdicts.holds;
      const ends = starting.length + ending.length;
      if (count === 0) return 1 + ends;
      if (value.length > Math.max(alwaysThrough, count)) {
        open(known, 'contains');
        return 1 + ends + (count >>> 3);
      }
      const most = count * 4 + alwaysThrough;
      const asked = pass(value, known, most);
      if (asked > most) open(known, 'contains');
      return 1 + ends + asked + (value.length >>> 3);
    },
  };
}

function keyOf(op: TextSearch['op'], sought: string): number {
  return gramAt(sought, op === 'ends_with' ? sought.length - shortestSought : 0);
}

/** Three characters as one number, small enough to be a small integer of the engine. What has the same number need not be the same. */
function gramAt(text: string, at: number): number {
  return ((text.charCodeAt(at) * 1_021 + text.charCodeAt(at + 1)) * 1_021 + text.charCodeAt(at + 2)) & 0x3fffffff;
}
