import { expect } from 'vitest';
import type { RecordScenario } from './record-scenario.ts';
import { calm } from './record-stage.ts';

/** What every adapter does when it is asked. */
export const readingScenarios: readonly RecordScenario[] = [
  {
    title: 'reads a record that is there',
    async run({ made, found }) {
      const record = await made();
      expect(await found(record.id)).toEqual(record);
    },
  },
  {
    title: 'knows no record that was never made, whatever its id looks like',
    async run({ found }) {
      for (const id of ['00000000-0000-4000-8000-000000000000', '999999999', "x' or '1'='1", 'Zoë/💡', '%', '-1', 'null', 'x'.repeat(200)])
        expect(await found(id), id.slice(0, 40)).toBeNull();
    },
  },
  {
    title: 'hides a record from every other tenant',
    async run({ made, found, stranger }) {
      const record = await made();
      expect(await found(record.id, stranger)).toBeNull();
      for (const tenant of ['', 'nobody', '%']) expect(await found(record.id, tenant)).toBeNull();
    },
  },
  {
    title: 'gives out copies',
    async run({ made, found }) {
      const record = await made();
      const before = structuredClone(record);
      for (const name of Object.keys(record.data)) Reflect.set(record.data, name, 'changed by who has read it');
      expect(await found(before.id)).toEqual(before);
    },
  },
  {
    title: 'answers yes or no for every view that has no condition, by the data alone',
    skip: ({ subject, sample }) =>
      Object.values(subject.adapter.types[sample.type]?.views ?? {}).some(({ when }) => when === undefined)
        ? null
        : `the type ${sample.type} has no view without a condition`,
    async run({ subject, sample, tenant, made }) {
      const { id, data } = await made();
      for (const [view, { when }] of Object.entries(subject.adapter.types[sample.type]?.views ?? {})) {
        if (when !== undefined) continue;
        const ask = { tenant, type: sample.type, view, data, signal: calm() };
        const answer = await subject.adapter.inView?.({ ...ask, id });
        expect(typeof answer, view).toBe('boolean');
        expect(await subject.adapter.inView?.({ ...ask, id: 'of-no-record' }), view).toBe(answer);
      }
    },
  },
];
