import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { sqliteStorage } from '@patchbay/storage-sqlite';
import type { FakeClock } from '@patchbay/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { bookStage, draft, say } from './book-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

const storages: Readonly<Record<string, (clock: FakeClock) => Storage<never>>> = {
  memory: (clock) => memoryStorage({ clock }),
  sqlite: (clock) => sqliteStorage({ file: join(folder, 'records.db'), clock }),
};

// PostgreSQL has tests of its own, in the host's transaction.
describe.each(Object.entries(storages))('records over %s', (_name, storage) => {
  it("go from a change of the host's to what automations make of it, in order and in one chain", async () => {
    const stage = await bookStage({ storage });
    const { acme, books } = stage;
    books.put('acme', 'invoice', '7', { ...draft, status: 'overdue' });
    await acme.automations.put('dun', {
      trigger: { record: { type: 'invoice', on: 'enters_view', view: 'dunning' } },
      steps: [
        { id: 'task', action: 'record.create', input: { type: 'task', data: { text: 'Dun {{ event.data.after.number }}' } } },
        {
          id: 'join',
          action: 'record.link',
          input: { type: 'invoice', id: '{{ event.data.id }}', link: 'reminders', to: '{{ steps.task.output.id }}' },
        },
      ],
    });
    await acme.automations.put('tell', {
      trigger: { record: { type: 'task', on: 'created' } },
      steps: [say('{{ event.data.after.text }}')],
    });
    const change = { type: 'invoice', id: '7', before: draft, after: { ...draft, status: 'overdue' }, version: '2' } as const;
    const { eventId } = await acme.records.changed(change);
    expect(await acme.records.changed(change)).toEqual({ status: 'duplicate', eventId });
    await stage.settled();
    expect(stage.said()).toEqual(['Dun R-1']);
    expect(books.links).toEqual([{ tenant: 'acme', link: 'reminders', from: 'invoice/7', to: 'task/task-1' }]);
    const { items } = await acme.events.list({ type: 'record.task.created' });
    expect(items.map(({ event }) => [event.causation, event.correlation])).toEqual([[eventId, eventId]]);
    await stage.close();
  });
});
