import { existsSync } from 'node:fs';
import { PatchbayError } from '@patchbay/core';
import {
  type Change,
  type ConfigurationKind,
  fullRetention,
  type IngestItem,
  type Revision,
  type Row,
  type StatePage,
  type Storage,
  systemClock,
} from '@patchbay/core/adapter';
import { copyJournal } from './copy-journal.ts';
import { copyReceipts } from './copy-receipts.ts';
import { openThread } from './sqlite-storage.ts';
import { storageOver } from './storage-over.ts';
import type { DatabaseThread } from './thread/database-thread.ts';

/** What {@link copyStorage} copies, and where to. */
export interface CopyOptions<Transaction> {
  /** Path of the file. No hub may run on it meanwhile. */
  readonly file: string;
  /** The storage that takes over. Its `ready()` has been awaited; it stays open. */
  readonly to: Storage<Transaction>;
  /** Copies although there is work that has not ended. That work stays in the file and is never done. @default false */
  readonly leaveOpenWork?: boolean;
}

/** What {@link copyStorage} has copied. */
export interface CopyReport {
  /** Configured rows. */
  readonly rows: number;
  /** Closed lanes. */
  readonly gates: number;
  /** Kept receipts: deliveries that could not become events. */
  readonly receipts: number;
  /** Entries of the journal. */
  readonly entries: number;
  /** Events that the other storage did not have yet. */
  readonly events: number;
  /** Guards against a second time. */
  readonly keys: number;
  /** Guards that belong to another event there already. */
  readonly taken: number;
}

const kinds: readonly ConfigurationKind[] = [
  'connection',
  'credential',
  'automation',
  'automation_version',
  'registration',
  'subscriber',
  'tenant_key',
  'app',
  'connector_configuration',
  'connector_change',
  'endpoint',
  'receiver',
  'alert_rule',
  'mapping',
  'mapping_version',
  'enrichment',
];

/** Keys in one call. With the bodies of their events they stay far below what a storage takes at once. */
const keysPerCall = 50;

/** One copy under way. */
interface Copying<Transaction> {
  readonly thread: DatabaseThread;
  readonly from: Storage;
  readonly to: Storage<Transaction>;
}

async function checkOpenWork(thread: DatabaseThread): Promise<void> {
  const { dispatches, runs, marks } = await thread.call('openWork', null);
  if (dispatches + runs + marks === 0) return;
  const message =
    `The file holds ${dispatches} dispatches, ${runs} runs and ${marks} events to be routed that have not ended. ` +
    'Let a hub on it work until it is idle, and retry, resolve or cancel what is held.';
  throw new PatchbayError({ code: 'conflict', message, details: { dispatches, runs, marks } });
}

function putOf<Kind extends ConfigurationKind>(kind: Kind, { id, name, value }: Row<Kind>): Change {
  const change = { put: kind, id, name, expect: 'absent' as const, value };
  // A row of a kind has a value of that kind, which a union of changes cannot say for all kinds at once.
  return change as Change;
}

async function copyConfiguration<Transaction>({ from, to }: Copying<Transaction>, tenant: string): Promise<number> {
  const { rows } = await from.configuration.snapshot(tenant, kinds);
  const changes = kinds.flatMap((kind) => (rows[kind] ?? []).map((row) => putOf(kind, row)));
  if (changes.length === 0) return 0;
  const verdict = await to.configuration.write(tenant, changes);
  if (verdict.status === 'written') return changes.length;
  const message = `The other storage has a ${verdict.kind} of this id or name that differs. Copy into an empty storage.`;
  throw new PatchbayError({ code: 'conflict', message, details: { tenant, kind: verdict.kind, id: verdict.id } });
}

async function copyGates<Transaction>({ from, to }: Copying<Transaction>, tenant: string): Promise<number> {
  const [gates, now] = [await from.gates.list(tenant), await from.now()];
  await to.gates.close(
    gates.map(({ lane, reason, until }) => ({ tenant, lane, reason, forMs: until === null ? null : Math.max(0, until - now) })),
  );
  return gates.length;
}

/** What changes by itself comes as it is now; a repeat brings it up to date. */
async function copyStates<Transaction>({ from, to }: Copying<Transaction>, tenant: string): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: StatePage = await from.states.list(tenant, '', { cursor, limit: 500 });
    await to.states.write(page.entries.map(({ name, value }) => ({ tenant, name, expect: 'any', value })));
    cursor = page.cursor;
  } while (cursor !== null);
}

type StoredKeys = Awaited<ReturnType<typeof readKeys>>['keys'];

const readKeys = (thread: DatabaseThread, tenant: string, after: string) => thread.call('keys', { tenant, after, limit: keysPerCall });

/** Keys with their events, as far as the other storage has not got those yet. Nothing follows from them there. */
async function itemsOf<Transaction>(
  { from, to }: Copying<Transaction>,
  tenant: string,
  keys: StoredKeys,
  revision: Revision,
): Promise<IngestItem[]> {
  const items: IngestItem[] = [];
  const taken = new Set<string>();
  for (const { root, key, hash } of keys) {
    const there = taken.has(root) || (await to.history.event(tenant, root)) !== null;
    const stored = there ? null : await from.history.event(tenant, root);
    taken.add(root);
    const plan = { revision, considered: stored?.considered ?? [], runs: [], dispatches: [] };
    items.push({ tenant, root, dedupe: key === null ? null : { key, hash }, event: stored, plan, lease: null });
  }
  return items;
}

async function copyEvents<Transaction>(
  copying: Copying<Transaction>,
  tenant: string,
): Promise<Pick<CopyReport, 'events' | 'keys' | 'taken'>> {
  const revision = await copying.to.configuration.revision(tenant);
  const counts = { events: 0, keys: 0, taken: 0 };
  let after: string | null = '';
  while (after !== null) {
    const page: Awaited<ReturnType<typeof readKeys>> = await readKeys(copying.thread, tenant, after);
    const items = await itemsOf(copying, tenant, page.keys, revision);
    for (const [index, { status }] of (await copying.to.ingest(items)).entries()) {
      if (status === 'moved') {
        const message = 'The configuration of the other storage changed during the copy. Let no hub run on it yet, and copy again.';
        throw new PatchbayError({ code: 'conflict', message, details: { tenant } });
      }
      if (status === 'busy') {
        const message = 'An open transaction in the other storage holds a key that is to be copied. End it, and copy again.';
        throw new PatchbayError({ code: 'storage_unavailable', message, retryable: true, details: { tenant } });
      }
      if (status !== 'created') counts.taken += 1;
      else {
        counts.keys += 1;
        counts.events += items[index]?.event === null ? 0 : 1;
      }
    }
    after = page.next;
  }
  return counts;
}

async function copyAll<Transaction>(copying: Copying<Transaction>): Promise<CopyReport> {
  const report = { rows: 0, gates: 0, receipts: 0, entries: 0, events: 0, keys: 0, taken: 0 };
  // The hub's own scope is the empty text and comes first: its revision counts for every event.
  for (const tenant of await copying.thread.call('tenants', null)) {
    report.rows += await copyConfiguration(copying, tenant);
    report.gates += await copyGates(copying, tenant);
    await copyStates(copying, tenant);
    report.receipts += await copyReceipts(copying.from, copying.to, tenant);
    report.entries += await copyJournal(copying.thread, copying.to, tenant);
    const { events, keys, taken } = await copyEvents(copying, tenant);
    report.events += events;
    report.keys += keys;
    report.taken += taken;
  }
  return report;
}

/**
 * Copies a file of this storage into another storage: what is configured, with its sealed credentials; closed lanes; states; kept receipts; the journal; events; and
 * the keys that make a delivery come in once. Runs, dispatches and attempts that have ended stay in the file, and so do flows that
 * somebody has begun. It may be repeated after a fault. Throws
 * `conflict` where work has not ended or the other storage holds something else under the same name, `not_found` where there is no file.
 */
export async function copyStorage<Transaction>(options: CopyOptions<Transaction>): Promise<CopyReport> {
  const { file, to, leaveOpenWork = false } = options;
  const thread = openThread({ file });
  if (!existsSync(file)) throw new PatchbayError({ code: 'not_found', message: `There is no file ${file}. Name the file to copy from.` });
  const from = storageOver({ thread, clock: systemClock, retention: fullRetention() });
  try {
    await from.ready();
    if (!leaveOpenWork) await checkOpenWork(thread);
    return await copyAll({ thread, from, to });
  } finally {
    await from.close();
  }
}
