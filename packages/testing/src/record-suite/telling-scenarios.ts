import { expect } from 'vitest';
import { needs, type RecordScenario } from './record-scenario.ts';
import type { RecordStage } from './record-stage.ts';

const isTold = ({ subject }: RecordStage): string | null => {
  if (subject.adapter.writesToldBy !== 'adapter') return 'the hub tells of what it writes';
  if (subject.told === undefined)
    throw new Error("The adapter says writesToldBy: 'adapter'; give the suite told(), which reads what was told.");
  return null;
};

/** What every adapter does that tells of its own writes. */
export const tellingScenarios: readonly RecordScenario[] = [
  {
    title: 'tells of a creation once, with the event that caused it',
    skip: (stage) => isTold(stage) ?? needs('create')(stage),
    async run({ subject, sample, tenant, write, method }) {
      const call = write();
      const answer = await method('create')({ ...call, data: sample.create() });
      const id = answer.status === 'written' ? answer.record.id : '';
      expect(await subject.told?.(tenant, sample.type, id)).toEqual([{ kind: 'created', causation: call.causation }]);
    },
  },
  {
    title: 'tells of an update, with the event that caused it',
    skip: (stage) => isTold(stage) ?? needs('update')(stage),
    async run({ subject, sample, tenant, made, write, method }) {
      const { id } = await made();
      const call = write();
      await method('update')({ ...call, id, data: sample.update ?? {}, expectedVersion: null });
      expect((await subject.told?.(tenant, sample.type, id))?.at(-1)).toEqual({ kind: 'updated', causation: call.causation });
    },
  },
  {
    title: 'tells of a deletion, with the event that caused it',
    skip: (stage) => isTold(stage) ?? needs('delete')(stage),
    async run({ subject, sample, tenant, made, write, method }) {
      const { id } = await made();
      const call = write();
      await method('delete')({ ...call, id, expectedVersion: null });
      expect((await subject.told?.(tenant, sample.type, id))?.at(-1)).toEqual({ kind: 'deleted', causation: call.causation });
    },
  },
  {
    title: 'tells nobody of a write that has changed nothing',
    skip: (stage) => isTold(stage) ?? needs('update')(stage) ?? (stage.subject.adapter.versions ? null : 'its records have no versions'),
    async run({ subject, sample, tenant, made, write, method }) {
      const record = await made();
      const before = await subject.told?.(tenant, sample.type, record.id);
      await method('update')({ ...write(), id: record.id, data: sample.update ?? {}, expectedVersion: `${record.version}0` });
      expect(await subject.told?.(tenant, sample.type, record.id)).toEqual(before);
    },
  },
];
