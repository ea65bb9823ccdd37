import { expect } from 'vitest';
import { needs, needsVersions, type RecordScenario } from './record-scenario.ts';
import { expectFits } from './record-stage.ts';

/** What every adapter does when it writes. */
export const writingScenarios: readonly RecordScenario[] = [
  {
    title: 'creates a record and answers it as it is read afterwards',
    skip: needs('create'),
    async run({ subject, sample, write, method, found }) {
      const answer = await method('create')({ ...write(), data: sample.create() });
      expect(answer.status).toBe('written');
      if (answer.status !== 'written') return;
      await expectFits(subject, sample.type, answer.record);
      expect(await found(answer.record.id)).toEqual(answer.record);
    },
  },
  {
    title: 'creates one record for a key, however often and however many ask at once, and another for another key',
    skip: (stage) => needs('create')(stage) ?? (stage.subject.adapter.keyLifetimeMs === undefined ? 'it looks at no keys' : null),
    async run({ sample, write, method }) {
      const data = sample.create();
      const call = write();
      const answers = await Promise.all([1, 2, 3].map(() => method('create')({ ...call, data })));
      answers.push(await method('create')({ ...call, causation: null, data }));
      const ids = new Set(answers.map((answer) => (answer.status === 'written' ? answer.record.id : answer.status)));
      expect([...ids]).toHaveLength(1);
      const other = await method('create')({ ...write(), data: sample.create() });
      expect(other.status === 'written' && ids.has(other.record.id)).toBe(false);
    },
  },
  {
    title: "takes one tenant's key for no other tenant's",
    skip: (stage) => needs('create')(stage) ?? (stage.subject.adapter.keyLifetimeMs === undefined ? 'it looks at no keys' : null),
    async run({ sample, stranger, write, method, found }) {
      const call = write();
      const own = await method('create')({ ...call, data: sample.create() });
      const theirs = await method('create')({ ...call, tenant: stranger, causation: null, data: sample.create() });
      expect([own.status, theirs.status]).toEqual(['written', 'written']);
      if (own.status !== 'written' || theirs.status !== 'written') return;
      expect(await found(theirs.record.id, stranger)).toEqual(theirs.record);
      expect(await found(own.record.id)).toEqual(own.record);
    },
  },
  {
    title: 'sets the members that are given, leaves the others, and may be asked again',
    skip: needs('update'),
    async run({ sample, made, found, write, method }) {
      const before = await made();
      const call = { ...write(), id: before.id, data: sample.update ?? {}, expectedVersion: null };
      const answer = await method('update')(call);
      const after = await found(before.id);
      expect(answer).toMatchObject({ status: 'written', record: { id: before.id, data: sample.update } });
      expect(answer.status === 'written' && answer.record).toEqual(after);
      expect(after?.data).not.toEqual(before.data);
      const others = Object.keys(before.data).filter((name) => !Object.hasOwn(sample.update ?? {}, name));
      for (const name of others.filter((each) => !/(updated|changed|modified|version)/i.test(each)))
        expect(after?.data[name], name).toEqual(before.data[name]);
      expect(await method('update')(call)).toMatchObject({ status: 'written', record: { data: sample.update } });
    },
  },
  {
    title: 'answers how a record was before, where it says so',
    skip: needs('update'),
    async run({ sample, made, write, method }) {
      const before = await made();
      const answer = await method('update')({ ...write(), id: before.id, data: sample.update ?? {}, expectedVersion: null });
      if (answer.status === 'written' && answer.before !== undefined) expect(answer.before).toEqual(before);
    },
  },
  {
    title: 'updates and deletes nothing that is not there',
    skip: (stage) => (needs('update')(stage) === null || needs('delete')(stage) === null ? null : 'it neither updates nor deletes'),
    async run(stage) {
      const { sample, write, method } = stage;
      const call = { ...write(), id: 'of-no-record', expectedVersion: null };
      if (needs('update')(stage) === null)
        expect(await method('update')({ ...call, data: sample.update ?? {} })).toEqual({ status: 'missing' });
      if (needs('delete')(stage) === null) expect(await method('delete')(call)).toEqual({ status: 'missing' });
    },
  },
  {
    title: "leaves another tenant's record alone, as if there were none",
    skip: (stage) => (needs('update')(stage) === null || needs('delete')(stage) === null ? null : 'it neither updates nor deletes'),
    async run(stage) {
      const { sample, stranger, made, found, write, method } = stage;
      const record = await made();
      const call = { ...write(stranger), id: record.id, expectedVersion: null };
      if (needs('update')(stage) === null)
        expect(await method('update')({ ...call, data: sample.update ?? {} })).toEqual({ status: 'missing' });
      if (needs('delete')(stage) === null) expect(await method('delete')(call)).toEqual({ status: 'missing' });
      expect(await found(record.id)).toEqual(record);
    },
  },
  {
    title: 'changes the version with every change, and writes nothing over another version',
    skip: needsVersions(needs('update')),
    async run({ sample, made, found, write, method }) {
      const before = await made();
      const call = { ...write(), id: before.id, data: sample.update ?? {} };
      const answer = await method('update')({ ...call, expectedVersion: before.version });
      expect(answer.status).toBe('written');
      const after = await found(before.id);
      expect(after?.version).not.toBe(before.version);
      expect(await method('update')({ ...call, expectedVersion: before.version })).toMatchObject({ status: 'conflict' });
      expect(await found(before.id)).toEqual(after);
    },
  },
  {
    title: 'lets one of several racers with one expected version write',
    skip: needsVersions(needs('update')),
    async run({ sample, made, write, method }) {
      const { id, version } = await made();
      const race = () => method('update')({ ...write(), id, data: sample.update ?? {}, expectedVersion: version });
      const answers = await Promise.all(Array.from({ length: 8 }, race));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 7 }, () => 'conflict'), 'written']);
    },
  },
  {
    title: 'deletes a record, and finds it missing when it is asked again',
    skip: needs('delete'),
    async run({ made, found, write, method }) {
      const record = await made();
      const call = { ...write(), id: record.id, expectedVersion: null };
      const answer = await method('delete')(call);
      expect(answer.status).toBe('deleted');
      if (answer.status === 'deleted' && answer.before !== undefined) expect(answer.before).toEqual(record);
      expect(await found(record.id)).toBeNull();
      expect(await method('delete')(call)).toEqual({ status: 'missing' });
    },
  },
  {
    title: 'deletes no record of another version',
    skip: needsVersions(needs('delete')),
    async run({ made, found, write, method }) {
      const record = await made();
      const call = { ...write(), id: record.id };
      expect(await method('delete')({ ...call, expectedVersion: `${record.version}0` })).toMatchObject({ status: 'conflict' });
      expect(await found(record.id)).toEqual(record);
      expect((await method('delete')({ ...call, expectedVersion: record.version })).status).toBe('deleted');
    },
  },
];
