import type { RecordAdapter } from '@patchbay/core/host';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { memoryRecords } from '../records/memory-records.ts';
import { describeRecordAdapter, recordScenarios } from './describe-record-adapter.ts';
import { recordStage } from './record-stage.ts';
import type { RecordSubject, SeenTelling } from './record-subject.ts';

const invoice = z.object({ number: z.string(), total: z.number(), status: z.string() });
const types = {
  invoice: {
    title: 'Invoice',
    schema: invoice,
    create: invoice,
    update: invoice.partial(),
    delete: true,
    links: { reminder: { to: 'task' } },
    views: { large: {} },
  },
  task: { title: 'Task', schema: z.object({ text: z.string() }), create: z.object({ text: z.string() }) },
} as const;

interface Books extends RecordSubject {
  readonly tellings: Map<string, SeenTelling[]>;
}

/** Records in memory whose adapter tells of its writes, as `change` makes it. */
function books(change: (adapter: RecordAdapter) => Partial<RecordAdapter> = () => ({})): Books {
  const memory = memoryRecords({ types, writesToldBy: 'adapter' });
  const tellings = new Map<string, SeenTelling[]>();
  const tell = (tenant: string, type: string, id: string, telling: SeenTelling): void => {
    const name = [tenant, type, id].join('/');
    tellings.set(name, [...(tellings.get(name) ?? []), telling]);
  };
  const sound: RecordAdapter = {
    ...memory.adapter,
    inView: ({ data }) => Number(data['total']) > 100,
    async create(call) {
      const count = memory.list(call.tenant, call.type as 'invoice').length;
      const answer = await memory.adapter.create?.(call);
      const isNew = memory.list(call.tenant, call.type as 'invoice').length > count;
      if (answer?.status === 'written' && isNew)
        tell(call.tenant, call.type, answer.record.id, { kind: 'created', causation: call.causation });
      return answer ?? { status: 'refused' };
    },
    async update(call) {
      const answer = await memory.adapter.update?.(call);
      if (answer?.status === 'written') tell(call.tenant, call.type, call.id, { kind: 'updated', causation: call.causation });
      return answer ?? { status: 'refused' };
    },
    async delete(call) {
      const answer = await memory.adapter.delete?.(call);
      if (answer?.status === 'deleted') tell(call.tenant, call.type, call.id, { kind: 'deleted', causation: call.causation });
      return answer ?? { status: 'refused' };
    },
  };
  let count = 0;
  return {
    adapter: { ...sound, ...change(sound) },
    samples: [
      { type: 'invoice', create: () => ({ number: `R-${++count}`, total: 5, status: 'open' }), update: { status: 'paid' } },
      { type: 'task', create: () => ({ text: `call ${++count}` }) },
    ],
    tenants: ['acme', 'other'],
    told: async (tenant, type, id) => tellings.get([tenant, type, id].join('/')) ?? [],
    tellings,
  };
}

// A sound adapter passes.
describeRecordAdapter('in memory', ['invoice', 'task'], async () => books());

/** Titles of what an adapter fails. */
async function failures(subject: RecordSubject): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, skip, run } of recordScenarios) {
    const [sample] = subject.samples;
    if (sample === undefined) throw new Error('There is no sample.');
    const stage = await recordStage(subject, sample);
    if ((skip?.(stage) ?? null) !== null) continue;
    await run(stage).catch(() => failed.push(title));
  }
  return failed;
}

const defects: Readonly<Record<string, (adapter: RecordAdapter) => Partial<RecordAdapter>>> = {
  'reads for every tenant': ({ get }) => ({ get: ({ tenant, ...call }) => get({ ...call, tenant: tenant === 'other' ? 'acme' : tenant }) }),
  'writes for every tenant': ({ update, delete: drop }) => ({
    update: async (call) => (await update?.({ ...call, tenant: 'acme' })) ?? { status: 'refused' },
    delete: async (call) => (await drop?.({ ...call, tenant: 'acme' })) ?? { status: 'refused' },
  }),
  'forgets keys': ({ create }) => {
    let count = 0;
    return { create: async (call) => (await create?.({ ...call, key: `${call.key}-${++count}` })) ?? { status: 'refused' } };
  },
  'overwrites any version': ({ update }) => ({
    update: async (call) => (await update?.({ ...call, expectedVersion: null })) ?? { status: 'refused' },
  }),
  'makes up what is missing': () => ({ update: async ({ id, data }) => ({ status: 'written', record: { id, version: '1', data } }) }),
  'keeps what is deleted': () => ({ delete: async () => ({ status: 'deleted' }) }),
  'links to anything': () => ({ link: async () => ({ status: 'linked' }) }),
  'tells of nothing': () => memoryRecords({ types, writesToldBy: 'adapter' }).adapter,
  'sees a view by the record that is stored': () => ({ inView: ({ id }) => id.startsWith('invoice') }),
  'gives out what its schema refuses': ({ get }) => ({
    get: async (call) => {
      const found = await get(call);
      return found && { ...found, data: { ...found.data, total: 'five' } };
    },
  }),
};

describe('describeRecordAdapter', () => {
  it('finds nothing wrong with a sound adapter', async () => {
    expect(await failures(books())).toEqual([]);
  });

  it.each(Object.entries(defects))('finds out an adapter that %s', async (_defect, change) => {
    expect(await failures(books(change))).not.toEqual([]);
  });

  it('asks for told() of an adapter that tells', async () => {
    const { told: _told, ...rest } = books();
    await expect(failures(rest)).rejects.toThrow('told()');
  });
});
