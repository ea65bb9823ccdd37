import type { JsonObject } from '@patchbay/core';
import type { HostRecord } from '@patchbay/core/host';
import { expect } from 'vitest';
import type { RecordSample, RecordSubject } from './record-subject.ts';

/** An adapter's method, which is there. */
type Method<Name extends 'create' | 'update' | 'delete' | 'link'> = NonNullable<RecordSubject['adapter'][Name]>;

/** What a test of one sample has at hand. */
export interface RecordStage {
  readonly subject: RecordSubject;
  readonly sample: RecordSample;
  readonly tenant: string;
  /** A tenant to whom the records are unknown. */
  readonly stranger: string;
  /** Makes a record of the sample, or of another. */
  made(of?: RecordSample): Promise<HostRecord>;
  /** A record as the adapter has it, whoever asks. */
  found(id: string, by?: string): Promise<HostRecord | null>;
  /** What a writing call is given, with a key of its own; caused by an event, where it is the tenant's. */
  write(by?: string): { tenant: string; type: string; key: string; causation: string | null; signal: AbortSignal };
  method<Name extends 'create' | 'update' | 'delete' | 'link'>(name: Name): Method<Name>;
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => letters[byte % 32]).join('');
}

/** A signal that never aborts. */
export const calm = (): AbortSignal => new AbortController().signal;

/** Makes the stage of one test. */
export async function recordStage(subject: RecordSubject, sample: RecordSample): Promise<RecordStage> {
  const { adapter } = subject;
  const [tenant, stranger] = subject.tenants;
  const cause = (await subject.cause?.(tenant)) ?? crypto.randomUUID();
  const find = async (type: string, id: string, by: string): Promise<HostRecord | null> => {
    const record = await adapter.get({ tenant: by, type, id, signal: calm() });
    if (record !== null) await expectFits(subject, type, record);
    return record;
  };
  const stage: RecordStage = {
    subject,
    sample,
    tenant,
    stranger,
    async made(of = sample) {
      const data = of.create();
      const record = await find(of.type, await makeOne(stage, of.type, data), tenant);
      expect(record, 'A record that was made can be read').not.toBeNull();
      return record as HostRecord;
    },
    found: (id, by = tenant) => find(sample.type, id, by),
    write: (by = tenant) => ({ tenant: by, type: sample.type, key: newKey(), causation: by === tenant ? cause : null, signal: calm() }),
    method(name) {
      const method = adapter[name];
      if (method === undefined) throw new Error(`The adapter has no method ${name}.`);
      return method.bind(adapter) as Method<typeof name>;
    },
  };
  return stage;
}

async function makeOne({ subject, tenant, write, method }: RecordStage, type: string, data: JsonObject): Promise<string> {
  if (subject.make) return subject.make(tenant, type, data);
  const answer = await method('create')({ ...write(), type, data });
  expect(answer.status).toBe('written');
  return answer.status === 'written' ? answer.record.id : '';
}

/** What every record that is given out is: an id, a version where there are versions, and data that its schema takes. */
export async function expectFits({ adapter }: RecordSubject, type: string, record: HostRecord): Promise<void> {
  expect(record.id).toMatch(/^[^\p{Cc}\p{Cs}]{1,200}$/u);
  expect(adapter.versions === true ? typeof record.version : 'string').toBe('string');
  const result = await adapter.types[type]?.schema['~standard'].validate(record.data);
  expect(result?.issues ?? [], `The schema of ${type} takes the record`).toEqual([]);
  expect(JSON.parse(JSON.stringify(record.data)), 'The data is plain JSON').toEqual(record.data);
}
