import { expect, it, vi } from 'vitest';
import { seededRandom } from './seeded-random.ts';
import { simulate } from './simulate.ts';

vi.mock('../../../core/src/net/create-network.ts', () => import('./network-of-clock.ts'));
vi.mock('../../../core/src/gateway/limits/permit-line.ts', () => import('./line-at-once.ts'));

it.each([3, 77, 1_234])('tells the history of seed %i the same way twice', async (seed) => {
  const [first, second] = [await simulate(seed), await simulate(seed)];
  expect(first.trace.length).toBeGreaterThan(20);
  expect(second.trace).toEqual(first.trace);
});

it('tells another history for another seed', async () => {
  const [first, second] = [await simulate(1), await simulate(2)];
  expect(second.trace).not.toEqual(first.trace);
});

it('draws evenly from a seed, and the same again', () => {
  const draw = () => {
    const random = seededRandom(42);
    return Array.from({ length: 10_000 }, () => random.between(0, 9));
  };
  const drawn = draw();
  expect(draw()).toEqual(drawn);
  for (const [, same] of Map.groupBy(drawn, (digit) => digit)) expect(same.length).toBeGreaterThan(850);
});
