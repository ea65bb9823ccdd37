import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from '../compile-condition.ts';
import type { Condition } from '../condition.ts';
import { ruleIndex } from './rule-index.ts';

const endless = { steps: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const event = (data: unknown) => ({ event: { type: 'order.placed', time: '2026-01-31T08:00:00Z', data } });
const compiled = (when: Condition) => compileCondition(when, { roots: ['event', 'now'] });

function indexOf(conditions: Readonly<Record<string, Condition>>) {
  const index = ruleIndex<string>();
  for (const [id, when] of Object.entries(conditions)) index.put({ id, condition: compiled(when), of: id });
  return index;
}

function found(index: ReturnType<typeof ruleIndex<string>>, data: unknown): readonly string[] {
  const search = index.search(event(data));
  expect(search.run(endless)).toBe('done');
  return search.found();
}

const scalar = fc.constantFrom<string | number | boolean | null>('a', 'b', 'ab', '', 0, 1, -0, 1.5, true, false, null);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 2 }), fc.constant({ x: 'a' }));
const data = fc.record({ x: value, y: value, z: fc.record({ w: value }) }, { requiredKeys: [] });
const field = fc.constantFrom('event.data.x', 'event.data.y', 'event.data.z.w', 'event.data.z', 'event.data.none', 'event.type');
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ field, op: fc.constantFrom('equals', 'not_equals'), value: scalar }) },
  fc.record({ field, op: fc.constantFrom('in', 'not_in'), value: fc.array(scalar, { minLength: 1, maxLength: 4 }) }),
  fc.record({ field, op: fc.constant('equals'), value: fc.constantFrom('a', 'A', 'AB'), ignoreCase: fc.constant(true) }),
  fc.record({ field, op: fc.constantFrom('contains', 'not_contains'), value: fc.constantFrom('a', 'b', 1) }),
  fc.record({ field, op: fc.constantFrom('starts_with', 'ends_with', 'matches'), value: fc.constantFrom('a', 'b') }),
  fc.record({ field, op: fc.constantFrom('exists', 'not_exists', 'is_empty', 'is_not_empty') }),
  fc.record({ field, op: fc.constantFrom('greater_than', 'less_or_equal'), value: fc.constantFrom(0, 1, 'a') }),
  fc.record({
    cel: fc.constantFrom(
      'event.data.x == "a"',
      '1 == event.data.x && event.data.y in ["a", 1, true, null]',
      'event.data.x in ["a", event.data.y] && event.data.z.w == null',
      'event.data.x == 0.0 || event.data.y == "b"',
      'event.data["z"]["w"] == "ab" && event.data.x != "a"',
      'event.data.y[0] == "a" && event.data.y["0"] == "a"',
      '!(event.data.x == "a")',
      'size(event.data.y) > 1',
      'true',
      '1',
      'event.data.x == event.data.y',
    ),
  }),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ all: fc.array(tie('condition'), { maxLength: 4 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

describe('an index of rules', () => {
  it('finds what each condition says of itself, whatever comes, changes and goes', () => {
    const step = fc.record({ id: fc.nat(30), condition: fc.option(condition, { nil: undefined }) });
    let matched = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.array(data, { minLength: 1, maxLength: 4 }), (steps, events) => {
        const index = ruleIndex<string>();
        const known = new Map<string, ReturnType<typeof compiled>>();
        for (const { id: number, condition: when } of steps) {
          const id = `rule-${String(number).padStart(2, '0')}`;
          if (when === undefined) {
            index.remove(id);
            known.delete(id);
          } else {
            known.set(id, compiled(when));
            index.put({ id, condition: compiled(when), of: id });
          }
          const [first] = events;
          const expected = [...known].filter(([, each]) => each.test(event(first))).map(([name]) => name);
          expect(found(index, first)).toEqual(expected.sort());
        }
        expect(index.size).toBe(known.size);
        for (const each of events) {
          const expected = [...known].filter(([, rule]) => rule.test(event(each))).map(([id]) => id);
          matched += expected.length;
          expect(found(index, each)).toEqual(expected.sort());
        }
      }),
      { numRuns: 300 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it('looks at those alone that share an equality with the event, and at those without one', () => {
    const index = ruleIndex<string>();
    for (let number = 0; number < 10_000; number += 1) {
      const id = String(number).padStart(5, '0');
      const equality: Condition = { field: 'event.data.repository', op: 'equals', value: `repository-${number % 1_000}` };
      const when: Condition = number % 100 === 0 ? { field: 'event.data.text', op: 'contains', value: id } : equality;
      index.put({ id, condition: compiled({ all: [{ field: 'event.type', op: 'equals', value: 'order.placed' }, when] }), of: id });
    }
    const search = index.search(event({ repository: 'repository-7', text: '' }));
    search.run(endless);
    expect(search.found()).toHaveLength(10);
    // 10 by their repository, and the 100 that have but the type, which all rules share.
    expect(search.candidates).toBe(110);
  });

  it('looks up formulas by the equalities that they cannot be true without', () => {
    const index = ruleIndex<string>();
    for (let number = 0; number < 500; number += 1) {
      const id = String(number).padStart(3, '0');
      index.put({ id, condition: compiled({ cel: `event.data.n == ${number} && size(event.data.text) > 0` }), of: id });
    }
    const search = index.search(event({ n: 7, text: 'x' }));
    search.run(endless);
    expect([search.found(), search.candidates]).toEqual([['007'], 1]);
    expect(found(index, { n: 7, text: '' })).toEqual([]);
  });

  it('looks up by membership as well, and by the equality that the fewest share', () => {
    const index = indexOf({
      a: { field: 'event.data.x', op: 'in', value: ['one', 'two', 'two'] },
      b: {
        all: [
          { field: 'event.data.x', op: 'equals', value: 'one' },
          { field: 'event.data.y', op: 'equals', value: 'rare' },
        ],
      },
    });
    const search = index.search(event({ x: 'one', y: 'common' }));
    search.run(endless);
    expect([search.found(), search.candidates]).toEqual([['a'], 1]);
    expect(found(index, { x: 'two' })).toEqual(['a']);
    expect(found(index, { x: 'one', y: 'rare' })).toEqual(['a', 'b']);
  });

  it('keeps no room for each value of a long list, and decides by it none the less', () => {
    const value = Array.from({ length: 1_000 }, (_, number) => `repository-${number}`);
    const index = indexOf({
      a: { field: 'event.data.x', op: 'in', value },
      b: { field: 'event.data.x', op: 'in', value: value.slice(0, 64) },
    });
    const search = index.search(event({ x: 'nothing' }));
    search.run(endless);
    expect([search.found(), search.candidates]).toEqual([[], 1]);
    expect(found(index, { x: 'repository-999' })).toEqual(['a']);
    expect(found(index, { x: 'repository-63' })).toEqual(['a', 'b']);
  });

  it('reads what rules share once, and asks a test that they share once', () => {
    let reads = 0;
    const repository = {
      get name() {
        reads += 1;
        return 'patchbay';
      },
    };
    const conditions = Array.from({ length: 200 }, (_, number): [string, Condition] => [
      String(number).padStart(3, '0'),
      {
        all: [
          { field: 'event.data.repository.name', op: 'contains', value: 'patch' },
          { field: 'event.data.n', op: 'not_equals', value: number },
        ],
      },
    ]);
    const index = indexOf(Object.fromEntries(conditions));
    const search = index.search(event({ repository, n: 3 }));
    search.run(endless);
    expect(search.found()).toHaveLength(199);
    expect(reads).toBe(1);
    // 201 tests of a step or two; each rule by itself would have taken twice as many.
    expect(search.use.steps).toBeLessThan(300);
  });

  it('gives a condition whose tests are dear together the verdict that it has by itself', () => {
    const text = 'a'.repeat(200_000);
    const part = (value: string): Condition => ({ field: 'event.data.text', op: 'not_contains', value });
    const few: Condition = { all: [part('b'), part('c')] };
    const many: Condition = { all: Array.from({ length: 30 }, (_, number) => part(`b${number}`)) };
    expect([compiled(few).test(event({ text })), compiled(many).test(event({ text }))]).toEqual([true, false]);
    expect(found(indexOf({ few, many }), { text })).toEqual(['few']);
    expect(found(indexOf({ few, many }), { text: 'a' })).toEqual(['few', 'many']);
    // Eight are asked one by one; each of these is within its fuel, and all together are not.
    const longer = { text: 'a'.repeat(500_000) };
    const eight: Condition = { all: Array.from({ length: 8 }, (_, number) => part(`b${number}`)) };
    expect([compiled(part('b0')).test(event(longer)), compiled(eight).test(event(longer))]).toEqual([true, false]);
    expect(found(indexOf({ eight, one: part('b0') }), longer)).toEqual(['one']);
  });

  it('stops when it has used enough or found enough, and goes on from there', () => {
    const conditions = Array.from({ length: 100 }, (_, number): [string, Condition] => [
      String(number).padStart(3, '0'),
      { field: 'event.data.text', op: 'contains', value: String(number) },
    ]);
    const index = indexOf(Object.fromEntries(conditions));
    const text = Array.from({ length: 100 }, (_, number) => number).join();
    const search = index.search(event({ text }));
    let slices = 0;
    while (search.run({ steps: search.use.steps + 50, bytes: search.use.bytes + 1_000_000 }) === 'spent') slices += 1;
    expect(slices).toBeGreaterThan(5);
    expect(search.found()).toHaveLength(100);
    expect(index.search(event({ text })).run(endless, 99)).toBe('spent');
    expect(index.search(event({ text })).run(endless, 100)).toBe('done');
  });

  it('is stale for a search that began before a rule came or went', () => {
    const index = indexOf({ a: { all: [] }, b: { all: [] } });
    const search = index.search(event({}));
    index.remove('nobody');
    expect(search.run({ steps: 0, bytes: 0 })).toBe('spent');
    index.remove('b');
    expect(search.run(endless)).toBe('stale');
    const next = index.search(event({}));
    index.put({ id: 'c', condition: null, of: 'c' });
    expect(next.run(endless)).toBe('stale');
    expect(found(index, {})).toEqual(['a', 'c']);
  });

  it('answers in order of ids, also where an older one comes later', () => {
    const index = indexOf({ m: { all: [] }, z: { all: [] } });
    index.put({ id: 'a', condition: null, of: 'a' });
    index.put({ id: 'm', condition: null, of: 'm again' });
    expect(found(index, {})).toEqual(['a', 'm again', 'z']);
  });
});
