import { describe, expect } from 'vitest';
import type { Scenario } from './stage.ts';

const item = { tenant: 'acme', name: 'seen', value: { at: 1, of: ['a', null] } } as const;
const all = { cursor: null, limit: 100 };

/** What states promise: compare-and-set for who expects something, the last writer for who does not, and no revision. */
export function stateConcern(scenario: Scenario): void {
  describe('states', () => {
    scenario('keep a value, count its writes and raise no revision', async ({ storage: { states, configuration, now } }) => {
      const before = await configuration.revision('acme');
      expect(await states.read('acme', 'seen')).toBeNull();
      expect(await states.write([{ ...item, expect: 'absent' }])).toEqual([{ status: 'written' }]);
      expect(await states.write([{ ...item, expect: 1, value: 'later' }])).toEqual([{ status: 'written' }]);
      const entry = await states.read('acme', 'seen');
      expect(entry).toEqual({ name: 'seen', version: 2, value: 'later', updatedAt: expect.any(Number) });
      expect(Math.abs((entry?.updatedAt ?? 0) - (await now()))).toBeLessThan(60_000);
      expect(await configuration.revision('acme')).toEqual(before);
    });

    scenario('refuse a write that expects otherwise, for itself alone', async ({ storage: { states } }) => {
      await states.write([{ ...item, expect: 'absent' }]);
      const verdicts = await states.write([
        { ...item, expect: 'absent', value: 2 },
        { ...item, name: 'other', expect: 'absent' },
        { ...item, name: 'third', expect: 3 },
        { ...item, name: 'fourth', expect: 'any' },
      ]);
      expect(verdicts.map(({ status }) => status)).toEqual(['conflict', 'written', 'conflict', 'written']);
      expect((await states.read('acme', 'seen'))?.value).toEqual(item.value);
      expect(await states.write([{ ...item, expect: 2, value: null }])).toMatchObject([{ status: 'conflict' }]);
      expect((await states.list('acme', '', all)).entries.map(({ name }) => name)).toEqual(['fourth', 'other', 'seen']);
    });

    scenario('tell of what stands there instead nothing but what does', async ({ storage: { states } }) => {
      await states.write(['seen', 'other'].map((name) => ({ ...item, name, expect: 'absent' })));
      await states.write([{ ...item, expect: 1, value: 'by another' }]);
      const items = ['seen', 'other', 'none'].map((name) => ({ ...item, name, expect: 7, value: 'late' }));
      const verdicts = await states.write(items);
      expect(verdicts.map(({ status }) => status)).toEqual(['conflict', 'conflict', 'conflict']);
      for (const [index, verdict] of verdicts.entries()) {
        const told = verdict.status === 'conflict' ? verdict.entry : undefined;
        if (told !== undefined) expect(told).toEqual(await states.read('acme', items[index]?.name ?? ''));
      }
    });

    scenario('write many at once as each by itself', async ({ storage: { states } }) => {
      const names = Array.from({ length: 40 }, (_, index) => `many:${index}`);
      await states.write(names.slice(0, 20).map((name) => ({ ...item, name, expect: 'absent' })));
      const writes = names.map((name, index) => {
        if (index < 5) return { ...item, name, expect: 1, value: null } as const;
        if (index < 10) return { ...item, name, expect: 1, value: 'next' } as const;
        if (index < 15) return { ...item, name, expect: 'absent' } as const;
        if (index < 20) return { ...item, name, expect: 'absent', value: 'too late' } as const;
        if (index < 25) return { ...item, name, expect: 3, value: null } as const;
        return { ...item, name, expect: index < 30 ? 1 : 'absent', value: index } as const;
      });
      const expected = names.map((_, index) => ((index >= 15 && index < 20) || (index >= 25 && index < 30) ? 'conflict' : 'written'));
      const kept = names.flatMap((name, index) => {
        if (index < 5 || (index >= 20 && index < 30)) return [];
        return [
          { name, version: index >= 5 && index < 10 ? 2 : 1, value: index >= 30 ? index : index >= 5 && index < 10 ? 'next' : item.value },
        ];
      });
      for (const time of ['once', 'again']) {
        expect(
          (await states.write(writes)).map(({ status }) => status),
          time,
        ).toEqual(expected);
        const { entries } = await states.list('acme', 'many:', all);
        expect(entries.map(({ name, version, value }) => ({ name, version, value }))).toEqual(
          kept.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
        );
      }
    });

    scenario(
      'let several that write the same names at once each win some or none, and hold none of them up',
      async ({ storage: { states } }) => {
        const names = Array.from({ length: 12 }, (_, index) => `raced:${index}`);
        await states.write(names.map((name) => ({ ...item, name, expect: 'absent' })));
        const racers = Array.from({ length: 8 }, (_, racer) => {
          const order = racer % 2 === 0 ? names : names.toReversed();
          return states.write(order.map((name) => ({ ...item, name, expect: 1, value: racer })));
        });
        const verdicts = (await Promise.all(racers)).flat();
        expect(verdicts.filter(({ status }) => status === 'written')).toHaveLength(names.length);
        const { entries } = await states.list('acme', 'raced:', all);
        expect(entries.map(({ version }) => version)).toEqual(names.map(() => 2));
      },
    );

    scenario('give a repeated write the same verdict and write it once', async ({ storage: { states } }) => {
      const first = { ...item, expect: 'absent' } as const;
      const second = { ...item, expect: 1, value: [2] } as const;
      const last = { ...item, expect: 2, value: null } as const;
      for (const write of [first, first, second, second, last, last]) expect(await states.write([write])).toEqual([{ status: 'written' }]);
      expect(await states.read('acme', 'seen')).toBeNull();
      await states.write([first, { ...second, name: 'other', expect: 'any' }]);
      await states.write([second]);
      expect(await states.write([first])).toMatchObject([{ status: 'conflict' }]);
      expect((await states.read('acme', 'seen'))?.version).toBe(2);
    });

    scenario('let one of many racers write', async ({ storage: { states } }) => {
      await states.write([{ ...item, expect: 'any' }]);
      const racers = Array.from({ length: 20 }, (_, index) => states.write([{ ...item, expect: 1, value: index }]));
      const verdicts = (await Promise.all(racers)).flat();
      expect(verdicts.filter(({ status }) => status === 'written')).toHaveLength(1);
      expect((await states.read('acme', 'seen'))?.version).toBe(2);
    });

    scenario('let the last writer win where it expects nothing, and take values away', async ({ storage: { states } }) => {
      await states.write([{ ...item, expect: 'any' }]);
      await states.write([
        { ...item, expect: 'any', value: 'last' },
        { ...item, name: 'none', expect: 'any', value: null },
      ]);
      expect((await states.read('acme', 'seen'))?.value).toBe('last');
      await states.write([{ ...item, expect: 'any', value: null }]);
      expect(await states.read('acme', 'seen')).toBeNull();
      await states.write([{ ...item, expect: 'absent', value: 'anew' }]);
      expect(await states.read('acme', 'seen')).toMatchObject({ version: 1, value: 'anew' });
    });

    scenario('refuse a name that comes twice in a call, and write nothing', async ({ storage: { states } }) => {
      const twice = [
        { ...item, expect: 'any' },
        { ...item, expect: 'any', value: 2 },
      ] as const;
      await expect(states.write(twice)).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(await states.read('acme', 'seen')).toBeNull();
    });

    scenario('list by the beginning of a name, page by page, each tenant apart', async ({ storage: { states } }) => {
      const names = ['a:2', 'a:1', 'a', 'b:1', 'a:\u{1F600}', 'a:\uFF5E'];
      await states.write(names.map((name) => ({ ...item, name, expect: 'any' })));
      await states.write([{ ...item, tenant: 'globex', name: 'a:0', expect: 'any' }]);
      const first = await states.list('acme', 'a:', { cursor: null, limit: 3 });
      expect(first.entries.map(({ name }) => name)).toEqual(['a:1', 'a:2', 'a:\uFF5E']);
      const second = await states.list('acme', 'a:', { cursor: first.cursor, limit: 3 });
      expect(second).toMatchObject({ entries: [{ name: 'a:\u{1F600}', value: item.value }], cursor: null });
      expect((await states.list('globex', '', all)).entries).toHaveLength(1);
    });
  });
}
