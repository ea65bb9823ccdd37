import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { claimAll, newDispatch, newId, newItem, succeeded } from '@patchbay/storage-records';
import { fakeClock } from '@patchbay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { storageHere } from './support/in-one-thread.ts';
import { type TemporaryFolder, temporaryFolder } from './support/temporary-folder.ts';

const guide = readFileSync(new URL('../../../docs/guides/questions-in-sql.md', import.meta.url), 'utf8');
const [, section = ''] = guide.split('\n## SQLite\n');
const questions = [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

it('answers every question of the guide with what is in the file', async () => {
  // The past, so that the machine's clock of the questions finds everything overdue.
  const storage = storageHere({ file: folder.file, clock: fakeClock() });
  await storage.ready();
  const roots = Array.from({ length: 4 }, () => newId());
  const lanes = ['dead', 'held', 'waits', 'leased'];
  await storage.ingest(roots.slice(0, 2).map((root, index) => newItem([newDispatch(root, { lane: lanes[index] ?? '' })], { root })));
  for (const dispatch of await storage.claim(claimAll())) {
    const done = succeeded(dispatch);
    const error = { code: 'provider_unavailable', message: 'The service is away.' };
    const attempt = { ...done.attempt, outcome: 'unknown' as const, error };
    await storage.settle([{ ...done, attempt, settlement: { to: dispatch.lane === 'dead' ? 'dead' : 'held' } }]);
  }
  await storage.ingest(roots.slice(3).map((root) => newItem([newDispatch(root, { lane: 'leased' })], { root })));
  await storage.claim(claimAll({ holder: 'worker-lost' }));
  await storage.gates.close([{ tenant: 'acme', lane: 'waits', reason: 'paused', forMs: null }]);
  await storage.ingest(roots.slice(2, 3).map((root) => newItem([newDispatch(root, { lane: 'waits' })], { root })));
  const unplanned = newItem([], { plan: null });
  await storage.ingest([unplanned]);
  await storage.close();
  const database = new DatabaseSync(folder.file, { readOnly: true });
  const answers = questions.map((sql) => database.prepare(sql).all());
  database.close();
  const since = expect.stringMatching(/^2026-01-01 /);
  expect(answers.slice(0, 5)).toMatchObject([
    [{ tenant: 'acme', operation: 'create_issue', dispatches: 1, since, code: 'provider_unavailable' }],
    [{ tenant: 'acme', event: roots[1], since, message: 'The service is away.' }],
    [{ tenant: 'acme', lane: 'waits', dispatches: 1, since, reason: 'paused' }],
    [{ holder: 'worker-lost', dispatches: 1, since }],
    [{ tenant: 'acme', event: unplanned.root, type: 'github.issue.opened', since }],
  ]);
  expect(answers[5]).toHaveLength(5);
  expect(answers[5]?.[0]).toMatchObject({ tenant: 'acme', body: '{"number":7}' });
});
