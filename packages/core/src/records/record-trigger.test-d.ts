import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import type { Storage } from '../contracts/storage.ts';
import { createHub } from '../hub.ts';
import type { KeyProvider } from '../vault/key-provider.ts';
import { defineRecords } from './define-records.ts';
import { recordTrigger } from './record-trigger.ts';

declare const storage: Storage<{ readonly begun: true }>;
declare const keys: KeyProvider;

const schema = z.object({ total: z.number(), status: z.string() });
const records = defineRecords({
  types: {
    invoice: { title: 'Invoice', schema, views: { late: { when: { field: 'record.status', op: 'equals', value: 'late' } } } },
    task: { title: 'Task', schema: z.object({ text: z.string() }) },
  },
  get: async () => null,
});

recordTrigger(records, { type: 'invoice', on: 'created' });
recordTrigger(records, { type: 'invoice', on: 'field_changed', fields: ['total'] });
recordTrigger(records, { type: 'invoice', on: 'enters_view', view: 'late', ordered: false });
recordTrigger(records, { type: 'task', on: 'matches', condition: { field: 'record.text', op: 'exists' } });
// @ts-expect-error there is no such type
recordTrigger(records, { type: 'invoise', on: 'created' });
// @ts-expect-error a task has no total
recordTrigger(records, { type: 'task', on: 'field_changed', fields: ['total'] });
// @ts-expect-error there is no such view
recordTrigger(records, { type: 'invoice', on: 'enters_view', view: 'lates' });
// @ts-expect-error a task has no views
recordTrigger(records, { type: 'task', on: 'enters_view', view: 'late' });

const hub = createHub({ connectors: [], storage, keys, publicUrl: 'https://app.example.com/hub', records });
const acme = hub.tenant('acme');

void acme.automations.put('plain', { trigger: { event: 'record.invoice.updated' }, steps: [] });
// @ts-expect-error nothing emits this event
void acme.automations.put('plain', { trigger: { event: 'record.invoise.updated' }, steps: [] });
void acme.records.changed({ type: 'invoice', id: '1', before: null, after: {}, transaction: { begun: true } });
// @ts-expect-error there is no such type
void acme.records.changed({ type: 'invoise', id: '1', before: null, after: {} });
// @ts-expect-error the hub publishes it for a change that is told
void acme.events.publish('record.invoice.updated', {});
expectTypeOf<Parameters<typeof acme.records.changed>[0]['type']>().toEqualTypeOf<'invoice' | 'task'>();
