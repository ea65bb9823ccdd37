import { describe, expect, it } from 'vitest';
import { createSharedLoads } from './shared-loads.ts';

/** Loads that end when the test says so; each gives its number. */
function setUp() {
  const ends: { resolve(): void; reject(): void }[] = [];
  const kept: number[] = [];
  const loads = createSharedLoads<number>(
    () => {
      const number = ends.length + 1;
      return new Promise((resolve, reject) => {
        ends.push({ resolve: () => resolve(number), reject: () => reject(new Error(`load ${number} failed`)) });
      });
    },
    (_key, value) => kept.push(value),
  );
  return { ends, kept, loads };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createSharedLoads', () => {
  it('loads once for all who ask at a time', async () => {
    const { ends, kept, loads } = setUp();
    const all = Promise.all([loads.join('a'), loads.join('a'), loads.join('a')]);
    await turn();
    ends[0]?.resolve();
    expect(await all).toEqual([1, 1, 1]);
    expect(kept).toEqual([1]);
  });

  it('gives who asks for the next one that began after the asking, shared with all who came before it began', async () => {
    const { ends, kept, loads } = setUp();
    const first = loads.join('a');
    await turn();
    const next = Promise.all([loads.next('a'), loads.next('a')]);
    ends[0]?.resolve();
    expect(await first).toBe(1);
    await turn();
    const third = loads.next('a');
    ends[1]?.resolve();
    expect(await next).toEqual([2, 2]);
    await turn();
    ends[2]?.resolve();
    expect(await third).toBe(3);
    expect(kept).toEqual([1, 2, 3]);
  });

  it('has one under way at a time, also for who asks at the moment when one has ended', async () => {
    const ends: (() => void)[] = [];
    let running = 0;
    let most = 0;
    const loads = createSharedLoads<number>(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => ends.push(resolve));
        running -= 1;
        return 0;
      },
      () => undefined,
    );
    const asked = [loads.join('a')];
    await turn();
    asked.push(loads.next('a'));
    ends[0]?.();
    // Every step between the end of one and the beginning of the next.
    for (let step = 0; step < 10; step += 1) {
      await Promise.resolve();
      asked.push(loads.next('a'));
    }
    for (let round = 1; round < 20; round += 1) {
      await turn();
      ends[round]?.();
    }
    await Promise.all(asked);
    expect(most).toBe(1);
  });

  it('does not keep what was outdated while it was loaded, and nobody joins it', async () => {
    const { ends, kept, loads } = setUp();
    const before = loads.join('a');
    await turn();
    loads.outdate('a');
    const after = loads.join('a');
    ends[0]?.resolve();
    expect(await before).toBe(1);
    await turn();
    ends[1]?.resolve();
    expect(await after).toBe(2);
    expect(kept).toEqual([2]);
  });

  it('goes on after a failure, which only those see who shared it', async () => {
    const { ends, kept, loads } = setUp();
    const first = loads.join('a');
    await turn();
    const next = loads.next('a');
    ends[0]?.reject();
    await expect(first).rejects.toThrow('load 1 failed');
    await turn();
    ends[1]?.resolve();
    expect(await next).toBe(2);
    expect(kept).toEqual([2]);
  });

  it('keeps keys apart', async () => {
    const { ends, loads } = setUp();
    const both = Promise.all([loads.join('a'), loads.join('b')]);
    await turn();
    ends[1]?.resolve();
    ends[0]?.resolve();
    expect(await both).toEqual([1, 2]);
  });
});
