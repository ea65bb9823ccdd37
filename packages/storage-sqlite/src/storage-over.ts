import { PatchbayError } from '@patchbay/core';
import type { AuditStore, Clock, HistoryStore, HotStore, Retention, Storage } from '@patchbay/core/adapter';
import { sqliteConfiguration } from './configuration/sqlite-configuration.ts';
import { sqliteJournal } from './control/sqlite-journal.ts';
import { sqliteStates } from './control/sqlite-states.ts';
import { maintainFile } from './maintenance/maintain-file.ts';
import { sqliteQueue } from './sqlite-queue.ts';
import type { DatabaseThread } from './thread/database-thread.ts';

type Caller = Pick<DatabaseThread, 'call'>;

function refuseTransaction(options: { readonly transaction?: unknown } | undefined): void {
  if (options?.transaction === undefined) return;
  const message = 'This storage cannot join a transaction of the host. Publish without one, or move to a storage that can.';
  throw new PatchbayError({ code: 'unsupported', message });
}

const hotStore = ({ call }: Caller): HotStore => ({
  async ingest(items, options) {
    refuseTransaction(options);
    return call('ingest', items);
  },
  claimMarks: (request) => call('claimMarks', request),
  recordRouting: (pages) => call('recordRouting', pages),
  addToEvents: (items) => call('addToEvents', items),
  claim: (request) => call('claim', request),
  begin: (items) => call('begin', items),
  settle: (items) => call('settle', items),
  defer: (items) => call('defer', items),
  extend: (request) => call('extend', request),
  reopen: (items) => call('reopen', items),
  resolve: (items) => call('resolve', items),
  cancel: (items) => call('cancel', items),
  cancelRun: (change) => call('cancelRun', change),
  nextDue: (request) => call('nextDue', request),
});

const historyStore = ({ call }: Caller): HistoryStore => ({
  event: (tenant, id) => call('event', { tenant, id }),
  events: (tenant, filter, page) => call('events', { tenant, filter, page }),
  unrouted: (tenant, roots) => call('unrouted', { tenant, roots }),
  run: (key) => call('run', key),
  runs: (tenant, filter, page) => call('runs', { tenant, filter, page }),
  dispatch: (key) => call('dispatch', key),
  dispatches: (tenant, filter, page) => call('dispatches', { tenant, filter, page }),
  attempts: (key) => call('attempts', key),
  lastReplay: (tenant, root, target) => call('lastReplay', { tenant, root, target }),
});

const auditStore = ({ call }: Caller): AuditStore => ({
  append: (tenant, entries) => call('appendAudit', { tenant, entries }),
  unsealed: (request) => call('unsealedAudit', request),
  seal: (items) => call('sealAudit', items),
  state: (tenant) => call('chainState', tenant),
  page: (tenant, filter, page) => call('auditPage', { tenant, filter, page }),
  chain: (tenant, range) => call('chain', { tenant, ...range }),
  expired: (request) => call('expiredAudit', request),
  prune: (tenant, request) => call('pruneAudit', { tenant, ...request }),
});

/** What {@link storageOver} stands on. */
export interface StorageParts {
  readonly thread: DatabaseThread;
  readonly clock: Pick<Clock, 'nextTurn'>;
  readonly retention: Required<Retention>;
}

/** The storage contract over the thread that owns the file. */
export function storageOver({ thread, clock, retention }: StorageParts): Storage {
  const { call } = thread;
  const queue = sqliteQueue(thread, clock);
  return {
    name: 'sqlite',
    capabilities: { durable: true, shared: true, hostTransaction: false, retention: true },
    ...hotStore(thread),
    configuration: sqliteConfiguration(thread),
    audit: auditStore(thread),
    gates: {
      close: (gates) => call('closeGates', gates),
      open: (gates) => call('openGates', gates),
      list: (tenant) => call('listGates', tenant),
    },
    leases: {
      acquire: (request) => call('acquireLease', request),
      extend: (request) => call('extendLease', request),
      release: (request) => call('releaseLease', request),
    },
    counters: {
      add: (batch) => call('addCounts', batch),
      read: (query) => call('readCount', query),
      list: (query) => call('listCounts', query),
    },
    states: sqliteStates(thread),
    flows: {
      put: (flow) => call('putFlow', flow),
      take: (request) => call('takeFlow', request),
      count: (request) => call('countFlows', request),
    },
    receipts: {
      keep: (receipt) => call('keepReceipt', receipt),
      get: (tenant, id) => call('receipt', { tenant, id }),
      page: (tenant, filter, page) => call('receipts', { tenant, filter, page }),
      remove: (tenant, id) => call('removeReceipt', { tenant, id }),
      count: (tenant) => call('countReceipts', tenant),
    },
    journal: sqliteJournal(thread),
    history: historyStore(thread),
    queue,
    now: () => call('now', null),
    listTenants: (request) => call('listTenants', request),
    ready: () => thread.ready(),
    maintain: () => maintainFile(thread, retention),
    async close() {
      await queue.close();
      await thread.close();
    },
  };
}
