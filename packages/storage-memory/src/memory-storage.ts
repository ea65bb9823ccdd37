import { PatchbayError } from '@patchbay/core';
import { type Clock, inProcessQueue, type Storage, systemClock } from '@patchbay/core/adapter';
import { memoryAudit } from './audit/memory-audit.ts';
import { memoryConfiguration } from './configuration/memory-configuration.ts';
import { memoryCounters } from './counters.ts';
import { memoryFlows } from './flows.ts';
import { memoryGates } from './gates.ts';
import { memoryHistory } from './history.ts';
import { memoryJournal } from './journal.ts';
import { memoryLeases } from './leases.ts';
import { addToEvents } from './ledger/add-to-events.ts';
import { amend, cancelRun } from './ledger/amend.ts';
import { claim, nextDue } from './ledger/claim.ts';
import { begin, defer, extend } from './ledger/hold.ts';
import { ingest } from './ledger/ingest.ts';
import { claimMarks, recordRouting } from './ledger/routing.ts';
import { settle } from './ledger/settle.ts';
import { listTenants } from './list-tenants.ts';
import { memoryReceipts } from './receipts.ts';
import { createState } from './state.ts';
import { memoryStates } from './states.ts';

/** How {@link memoryStorage} behaves. */
export interface MemoryStorageOptions {
  /** The store's time. @default the machine's clock */
  readonly clock?: Clock;
  /** Ended events kept with everything below them, over all tenants; the oldest go first, open ones never. @default 10,000 */
  readonly retainEvents?: number;
  /**
   * Bytes of what is kept of those events and of direct calls, over all tenants: payloads, inputs, outputs, states of runs, what was said of
   * attempts. The oldest go first, open ones never. @default 64 MiB
   */
  readonly retainBytes?: number;
  /** Dedupe keys kept, over all tenants; the oldest go first. Each holds for 30 days at most. @default 200,000 */
  readonly retainKeys?: number;
  /** Journal entries kept of each stream, over all tenants; those that were stored first go first. @default 10,000 */
  readonly retainEntries?: number;
}

const cannotJoin = (): PatchbayError =>
  new PatchbayError({
    code: 'unsupported',
    message: 'This storage cannot join a transaction of the host. Publish without one, or move to a storage that can.',
  });

/**
 * Keeps everything in this process's memory: for tests, for first steps and for work that may be lost with the process. Serves one
 * process, however many hubs are in it; what it returns and what it is given are copied.
 */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  const clock = options.clock ?? systemClock;
  const state = createState(clock, {
    events: options.retainEvents ?? 10_000,
    bytes: options.retainBytes ?? 64 * 1024 * 1024,
    keys: options.retainKeys ?? 200_000,
  });
  const now = (): number => clock.now();
  const queue = inProcessQueue(clock);
  return {
    name: 'memory',
    capabilities: { durable: false, shared: false, hostTransaction: false, retention: false },
    async ingest(items, { transaction } = {}) {
      if (transaction !== undefined) throw cannotJoin();
      return ingest(state, items);
    },
    claimMarks: async (request) => claimMarks(state, request),
    recordRouting: async (pages) => recordRouting(state, pages),
    addToEvents: async (items) => addToEvents(state, items),
    claim: async (request) => claim(state, request),
    begin: async (items) => begin(state, items),
    settle: async (items) => settle(state, items),
    defer: async (items) => defer(state, items),
    extend: async (request) => extend(state, request),
    reopen: async (items) => amend(state, 'reopen', items),
    resolve: async (items) => amend(state, 'resolve', items),
    cancel: async (items) => amend(state, 'cancel', items),
    cancelRun: async (change) => cancelRun(state, change),
    nextDue: async (request) => nextDue(state, request),
    configuration: memoryConfiguration(state, now),
    audit: memoryAudit(state.audit, now),
    gates: memoryGates(state.gates, now),
    leases: memoryLeases(clock),
    counters: memoryCounters(),
    states: memoryStates(state.states, now),
    flows: memoryFlows(now),
    receipts: memoryReceipts(now),
    journal: memoryJournal(options.retainEntries ?? 10_000),
    history: memoryHistory(state),
    queue,
    now: async () => clock.now(),
    listTenants: async (request) => listTenants(state, request),
    ready: async () => {},
    close: () => queue.close(),
  };
}
