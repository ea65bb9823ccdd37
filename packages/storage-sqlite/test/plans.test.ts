import { DatabaseSync } from 'node:sqlite';
import { claimAll, handler, journalEntry, newDispatch, newId, newItem, newRunItem, succeeded } from '@patchbay/storage-records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClaimCursor } from '../src/ledger/claim-ready.ts';
import { type Input, type OperationName, reads, writes } from '../src/operations.ts';
import { migrate } from '../src/schema/migrate.ts';
import { createSession } from '../src/sql/session.ts';

/** Tables whose size grows with traffic. */
const growing = /^SCAN (dispatches|attempts|runs|events|event_dedupe|event_marks|journal_entries)\b/;

let database: DatabaseSync;
let texts: Set<string>;
let run: <Name extends OperationName>(name: Name, input: Input<Name>) => unknown;

beforeAll(() => {
  database = new DatabaseSync(':memory:');
  texts = new Set();
  const prepare = (sql: string) => {
    texts.add(sql);
    return database.prepare(sql);
  };
  const session = createSession({ prepare });
  migrate(database, createSession(database));
  const operations = { ...writes, ...reads };
  run = (name, input) => Reflect.apply(operations[name], undefined, [{ session, cursor: createClaimCursor() }, input, 1_790_000_000_000]);
});
afterAll(() => database.close());

/** What SQLite would read for a statement. */
const planOf = (sql: string): readonly string[] =>
  database
    .prepare(`explain query plan ${sql}`)
    .all()
    .map(({ detail }) => String(detail));

describe('the plans of the hot path', () => {
  it('go by an index, and sort no more than the leases of this moment', () => {
    const item = newRunItem(['a', 'b']);
    const page = { cursor: null, limit: 10 };
    const ordering = { key: 'issue-1', onDead: 'block' } as const;
    run(
      'ingest',
      ['e', 'f'].map((path) => {
        const dispatch = newDispatch(newId());
        return newItem([{ ...dispatch, key: { ...dispatch.key, path }, ordering }], { root: dispatch.key.root, event: null });
      }),
    );
    run('ingest', [item, item, newItem([], { plan: null, inOrder: true })]);
    const claimed = writes.claim({ session: createSession(database), cursor: createClaimCursor() }, claimAll(), 1_790_000_000_000);
    expect(claimed.map((dispatch) => dispatch.key.path).toSorted()).toEqual(['a', 'b', 'e']);
    run('ingest', [newRunItem(['c', 'd'])]);
    run('claim', claimAll());
    run('claim', { ...claimAll(), kind: 'suspect' });
    run('claim', { ...claimAll(), keys: [newDispatch(newId()).key] });
    run(
      'settle',
      claimed.slice(0, 1).map((dispatch) => succeeded(dispatch)),
    );
    run(
      'settle',
      claimed.slice(0, 1).map((dispatch) => succeeded(dispatch)),
    );
    const held = claimed.map(({ key, handle, fence }) => ({ tenant: key.tenant, handle, fence }));
    run('begin', held);
    run(
      'defer',
      held.map((one) => ({ ...one, delayMs: 0, reason: 'drain', nothingSent: true })),
    );
    run('extend', { holder: 'worker-a', ttlMs: 1_000 });
    run('claimMarks', { limit: 10, ttlMs: 1_000 });
    run('acquireLease', { name: 'sealer', holder: 'worker-a', ttlMs: 1_000 });
    run('nextDue', { handlers: [handler] });
    run('cancelRun', { key: newRunItem(['a']).plan?.runs[0]?.key ?? { tenant: '', root: '', automation: '', replay: 0 }, revision: 1 });
    run('dispatches', { tenant: 'acme', filter: { root: item.root }, page });
    run('runs', { tenant: 'acme', filter: {}, page });
    run('events', { tenant: 'acme', filter: {}, page });
    run('dispatches', { tenant: 'acme', filter: { status: 'dead' }, page });
    run('dispatches', { tenant: 'acme', filter: { status: 'dead' }, page: { ...page, order: 'oldest' } });
    const window = { typePrefix: 'github.', from: item.root, below: newId(), storedFrom: 1, storedBefore: 2 };
    run('events', { tenant: 'acme', filter: window, page: { ...page, order: 'oldest' } });
    run('unrouted', { tenant: 'acme', roots: [item.root] });
    run('attempts', newDispatch(item.root).key);
    run('lastReplay', { tenant: 'acme', root: item.root, target: 'call' });
    // Node 22 counts numbered parameters among the named ones.
    expect([...texts].filter((sql) => /\?\d/.test(sql))).toEqual([]);
    expect(texts.size).toBeGreaterThan(25);
    const faults = [...texts].flatMap((sql) => {
      const plan = planOf(sql);
      const scans = plan.filter((step) => growing.test(step) && !/USING (COVERING )?INDEX (dispatches|event_marks)_/.test(step));
      const sorts = plan.filter((step) => step.includes('TEMP B-TREE') && !plan.join().includes('dispatches_leased'));
      return [...scans, ...sorts].map((step) => `${step}: ${sql}`);
    });
    expect(faults).toEqual([]);
    const deadLists = [...texts].filter((sql) => sql.includes("status = 'dead'") && !sql.includes('on_dead ='));
    expect(deadLists).toHaveLength(2);
    for (const sql of deadLists) expect(planOf(sql).join()).toContain('USING INDEX dispatches_dead');
  });

  it('read a page of the journal from its place on, and find what is old, without a look at the rest', () => {
    texts.clear();
    const place = { stream: 'request', cursor: newId(), limit: 10 };
    const { value, ...row } = journalEntry();
    run('appendJournal', [{ ...row, value: JSON.stringify(value) }]);
    run('journal', { tenant: 'acme', ...place, verdict: 'ok', from: 1, below: 2 });
    run('journal', { tenant: 'acme', ...place, subject: 'connection-1', from: 1 });
    run('journal', { tenant: 'acme', ...place, cursor: null, from: 1, below: 2 });
    run('journalOf', { tenant: 'acme', after: null, limit: 10 });
    run('pruneJournal', { stream: 'request', before: 1, limit: 10 });
    run('pruneJournal', { stream: 'request', before: 1, limit: 10, tenant: 'acme' });
    const plans = [...texts].map((sql) => planOf(sql).join('; '));
    const sought = plans.map((plan) => /USING (?:COVERING )?INDEX (\S+ \(.*\))/.exec(plan)?.[1]);
    expect(sought).toEqual([
      undefined,
      'sqlite_autoindex_journal_entries_1 (tenant=? AND stream=? AND id<?)',
      'journal_entries_subject (tenant=? AND stream=? AND subject=? AND id<?)',
      'sqlite_autoindex_journal_entries_1 (tenant=? AND stream=? AND id<?)',
      'sqlite_autoindex_journal_entries_1 (tenant=? AND (stream,id)>(?,?))',
      'journal_entries_age (stream=? AND at<?)',
      'journal_entries_age_of_tenant (tenant=? AND stream=? AND at<?)',
    ]);
    expect(plans.join()).not.toMatch(/SCAN|TEMP B-TREE/);
  });
});
