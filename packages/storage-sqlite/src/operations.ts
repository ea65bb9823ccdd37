import type { ClaimRequest } from '@patchbay/core/adapter';
import { appendAudit } from './audit/audit-row.ts';
import { pruneAudit, readExpired } from './audit/prune.ts';
import { readAuditPage, readChain, readChainState } from './audit/read-audit.ts';
import { readUnsealed, sealAudit } from './audit/seal.ts';
import { listTenants } from './configuration/list-tenants.ts';
import {
  dueConnections,
  findRow,
  getRow,
  listRows,
  locateAccount,
  locateReceiver,
  locateRegistration,
  readChanges,
  readSnapshot,
} from './configuration/read-rows.ts';
import { revisionOf } from './configuration/revision-of.ts';
import { writeChanges } from './configuration/write-changes.ts';
import { addCounts, listCounts, readCount } from './control/counters.ts';
import { countFlows, putFlow, takeFlow } from './control/flows.ts';
import { closeGates, listGates, openGates } from './control/gates.ts';
import { appendJournal, pruneJournal, readJournal, readJournalOf } from './control/journal.ts';
import { acquireLease, extendLease, releaseLease } from './control/leases.ts';
import { countReceipts, findReceipt, keepReceipt, readReceipts, removeReceipt } from './control/receipts.ts';
import { listStates, readState, writeStates } from './control/states.ts';
import { readKeys, readOpenWork, readTenants } from './history/read-for-copy.ts';
import { readAttempts, readDispatches, readEvent, readEvents, readLastReplay, readRuns, readUnrouted } from './history/read-history.ts';
import { addToEvents } from './ledger/add-to-events.ts';
import { amend, cancelRun } from './ledger/amend.ts';
import { claimKeys, claimSuspect } from './ledger/claim-named.ts';
import { type ClaimCursor, claimReady } from './ledger/claim-ready.ts';
import { findDispatch } from './ledger/dispatch-row.ts';
import { begin, defer, extend } from './ledger/hold.ts';
import { ingest } from './ledger/ingest.ts';
import { nextDue } from './ledger/next-due.ts';
import { claimMarks, recordRouting } from './ledger/routing.ts';
import { findRun } from './ledger/run-row.ts';
import { settle } from './ledger/settle.ts';
import { retire } from './maintenance/retire.ts';
import type { Session } from './sql/session.ts';

/** What an operation works on. */
export interface Store {
  readonly session: Session;
  readonly cursor: ClaimCursor;
}

function claim({ session, cursor }: Store, request: ClaimRequest, now: number) {
  if (request.kind === 'suspect') return claimSuspect(session, request, now);
  return request.keys === undefined ? claimReady(session, cursor, request, now) : claimKeys(session, request, request.keys, now);
}

/** An operation on the session alone. */
const on =
  <Input, Output>(run: (session: Session, input: Input, now: number) => Output) =>
  ({ session }: Store, input: Input, now: number): Output =>
    run(session, input, now);

/** Operations that write. Each runs inside a transaction that others may share, and leaves nothing where it throws. */
export const writes = {
  ingest: on(ingest),
  claimMarks: on(claimMarks),
  recordRouting: on(recordRouting),
  addToEvents: on(addToEvents),
  claim,
  begin: on(begin),
  settle: on(settle),
  defer: on(defer),
  extend: on(extend),
  reopen: on((session, items: Parameters<typeof amend>[2], now) => amend(session, 'reopen', items, now)),
  resolve: on((session, items: Parameters<typeof amend>[2], now) => amend(session, 'resolve', items, now)),
  cancel: on((session, items: Parameters<typeof amend>[2], now) => amend(session, 'cancel', items, now)),
  cancelRun: on(cancelRun),
  write: on(writeChanges),
  appendAudit: on(appendAudit),
  sealAudit: on(sealAudit),
  pruneAudit: on(pruneAudit),
  closeGates: on(closeGates),
  openGates: on(openGates),
  acquireLease: on(acquireLease),
  extendLease: on(extendLease),
  releaseLease: on(releaseLease),
  addCounts: on(addCounts),
  writeStates: on(writeStates),
  putFlow: on(putFlow),
  takeFlow: on(takeFlow),
  keepReceipt: on(keepReceipt),
  removeReceipt: on(removeReceipt),
  appendJournal: on(appendJournal),
  pruneJournal: on(pruneJournal),
  retire: on(retire),
  wake: on((session, _: null) => void session.run('update wakes set count = count + 1')),
};

/** Operations that only read. Each sees what is committed. */
export const reads = {
  nextDue: on(nextDue),
  revision: on(revisionOf),
  getRow: on(getRow),
  findRow: on(findRow),
  listRows: on(listRows),
  snapshot: on(readSnapshot),
  changes: on(readChanges),
  locateRegistration: on(locateRegistration),
  locateReceiver: on(locateReceiver),
  locateAccount: on(locateAccount),
  listTenants: on(listTenants),
  dueConnections: on(dueConnections),
  unsealedAudit: on(readUnsealed),
  chainState: on(readChainState),
  auditPage: on(readAuditPage),
  chain: on(readChain),
  expiredAudit: on(readExpired),
  listGates: on(listGates),
  readCount: on(readCount),
  listCounts: on(listCounts),
  readState: on(readState),
  listStates: on(listStates),
  countFlows: on(countFlows),
  receipt: on(findReceipt),
  receipts: on(readReceipts),
  countReceipts: on(countReceipts),
  journal: on(readJournal),
  journalOf: on(readJournalOf),
  event: on(readEvent),
  events: on(readEvents),
  unrouted: on(readUnrouted),
  run: on(findRun),
  runs: on(readRuns),
  dispatch: on((session, key: Parameters<typeof findDispatch>[1]) => findDispatch(session, key)?.record ?? null),
  dispatches: on(readDispatches),
  attempts: on(readAttempts),
  lastReplay: on(readLastReplay),
  tenants: on((session, _: null) => readTenants(session)),
  openWork: on((session, _: null) => readOpenWork(session)),
  keys: on(readKeys),
  now: on((_, __: null, now) => now),
};

/** Every operation by name. */
export type Operations = typeof writes & typeof reads;

/** Name of an operation. */
export type OperationName = keyof Operations;

/** What an operation takes. */
export type Input<Name extends OperationName> = Parameters<Operations[Name]>[1];

/** What an operation answers. */
export type Output<Name extends OperationName> = ReturnType<Operations[Name]>;
