import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { automationOf, failed, play, say, succeeded } from '../__fixtures__/play.ts';
import type { Intent } from '../run-advance.ts';

interface Shape {
  readonly kind: 'say' | 'group' | 'branch' | 'each' | 'set' | 'transform' | 'delay' | 'wait';
  readonly number: number;
  readonly inside: readonly Shape[];
  /** What its error path does; null: it has none. */
  readonly mends: 'continue' | 'fail' | null;
}

const kinds = fc.constantFrom<Shape['kind']>('say', 'say', 'say', 'group', 'branch', 'each', 'each', 'set', 'transform', 'delay', 'wait');
const mends = fc.constantFrom<Shape['mends']>(null, null, 'continue', 'fail');
const shapes = (depth: number): fc.Arbitrary<readonly Shape[]> => {
  const inside = depth === 0 ? fc.constant([]) : shapes(depth - 1);
  return fc.array(fc.record({ kind: kinds, number: fc.integer({ min: 0, max: 4 }), inside, mends }), { minLength: 1, maxLength: 3 });
};

interface Next {
  id: number;
}

/** Steps of these shapes, each with an id of its own. */
const stepsOf = (list: readonly Shape[], next: Next): object[] => list.map((shape) => stepOf(shape, next));

function stepOf({ kind, number, inside, mends: afterwards }: Shape, next: Next): object {
  next.id += 1;
  const id = `s${next.id}`;
  const mend = { steps: [say(`${id}m`, { why: '{{ failure.step }}' })], afterwards };
  const more = afterwards === null ? {} : { onError: mend };
  const steps = inside.length === 0 ? [say(`${id}i`, {})] : stepsOf(inside, next);
  const branches = [{ when: { cel: `event.data.n > ${number}` }, steps }];
  const list = Array.from({ length: number }, (_, index) => index);
  const loop = { list, concurrency: number + 1, collect: '{{ size(steps) + index }}', steps };
  const made: Readonly<Record<Shape['kind'], object>> = {
    say: say(id, { all: '{{ size(steps) }}' }),
    group: { action: 'flow.group', steps },
    branch: { action: 'flow.branch', branches, else: [say(`${id}e`)] },
    each: { action: 'flow.each', ...loop },
    set: { action: 'flow.set', vars: { [`v${number}`]: '{{ size(steps) }}' } },
    transform: { action: 'flow.transform', value: '{{ size(vars) }}' },
    delay: { action: 'flow.delay', for: `${number}m` },
    wait: { action: 'flow.wait', event: 'order.paid', timeout: '1h', onTimeout: 'continue' },
  };
  return { id, ...made[kind], ...more };
}

/** What becomes of a dispatch: always the same at one place, whenever it ends. */
const outcome =
  (broken: number) =>
  ({ path }: Intent) => {
    let sum = 0;
    for (const letter of path) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000;
    return sum < broken ? failed(`No at ${path}.`) : succeeded({ path });
  };

const sorted = (sent: ReturnType<typeof play>['sent']): string[] => sent.map((each) => JSON.stringify(each)).sort();

/** The same whatever order its members were written in. */
const canonical = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, canonical(member)]),
  );
};

const first = { id: 'first', action: 'flow.set', vars: { v9: 0 } };

describe('a run', () => {
  it('whose failures are mended comes to the same end in whatever order its dispatches end, over its stored state, each outcome twice', () => {
    fc.assert(
      fc.property(shapes(2), fc.integer({ min: 0, max: 4 }), fc.infiniteStream(fc.nat()), (list, n, choices) => {
        const always = (shape: Shape): Shape => ({ ...shape, mends: 'continue', inside: shape.inside.map(always) });
        const automation = automationOf(first, ...stepsOf(list.map(always), { id: 0 }));
        const options = {
          data: { n },
          result: ({ path }: Intent) => (path.includes(':error/') ? succeeded({ path }) : outcome(200)({ path } as Intent)),
        };
        const inOrder = play(automation, options);
        const anyOrder = play(automation, { ...options, pick: (count) => (choices.next().value ?? 0) % Math.max(1, count) });
        expect(inOrder.status).toBe('succeeded');
        expect(sorted(anyOrder.sent)).toEqual(sorted(inOrder.sent));
        expect(canonical(anyOrder.state)).toEqual(canonical(inOrder.state));
        expect(new Set(inOrder.sent.map(([path]) => path)).size).toBe(inOrder.sent.length);
      }),
      { numRuns: 400 },
    );
  });

  it('always ends, whatever fails, and no place is begun twice', () => {
    fc.assert(
      fc.property(shapes(2), fc.integer({ min: 0, max: 600 }), fc.infiniteStream(fc.nat()), (list, broken, choices) => {
        const automation = automationOf(first, ...stepsOf(list, { id: 0 }));
        const played = play(automation, {
          data: { n: 2 },
          result: outcome(broken),
          pick: (count) => (choices.next().value ?? 0) % Math.max(1, count),
        });
        expect(played.status).not.toBe('running');
        expect(played.error === null).toBe(played.status === 'succeeded');
        expect(new Set(played.sent.map(([path]) => path)).size).toBe(played.sent.length);
      }),
      { numRuns: 400 },
    );
  });
});
