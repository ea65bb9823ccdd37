import type {
  AttemptRecord,
  BirthLease,
  ClaimedDispatch,
  ClaimRequest,
  EventRecord,
  IngestItem,
  NewDispatch,
  NewRun,
  Plan,
  RunChange,
  RunRecord,
  SettleItem,
  Settlement,
} from '@patchbay/core/adapter';
import { systemClock, uuidGenerator } from '@patchbay/core/adapter';

/** An event as ingest takes it. */
export type NewEvent = Omit<EventRecord, 'storedAt' | 'considered'>;

/** Makes records that differ from a plain one only where a test says so. */
export interface Samples {
  readonly tenant: string;
  readonly handler: string;
  newId(): string;
  event(overrides?: Partial<NewEvent>): NewEvent;
  /** A dispatch of a subscriber `target` names; due now. */
  dispatch(root: string, overrides?: Partial<NewDispatch>): NewDispatch;
  run(root: string, overrides?: Partial<NewRun>): NewRun;
  /** An item with one event and one dispatch, not born leased. */
  item(overrides?: Partial<IngestItem>): IngestItem;
  /** A direct call with the dispatches given (one plain one by default). */
  call(root: string, dispatches?: readonly NewDispatch[], lease?: BirthLease | null): IngestItem;
  /** An event with one run and its first dispatch. */
  automated(
    root: string,
    overrides?: { readonly run?: Partial<NewRun>; readonly dispatch?: Partial<NewDispatch>; readonly lease?: BirthLease },
  ): IngestItem;
  plan(overrides?: Partial<Plan>): Plan;
  claim(overrides?: Partial<ClaimRequest>): ClaimRequest;
  attempt(dispatch: ClaimedDispatch, overrides?: Partial<AttemptRecord>): AttemptRecord;
  settle(dispatch: ClaimedDispatch, settlement: Settlement, overrides?: Partial<SettleItem>): SettleItem;
  change(run: RunRecord, overrides?: Partial<RunChange>): RunChange;
}

/** The outcome that goes with a settlement when a test does not care. */
function outcomeOf(settlement: Settlement): AttemptRecord['outcome'] {
  if (settlement.to === 'succeeded') return 'succeeded';
  return settlement.to === 'held' || (settlement.to === 'pending' && settlement.unknown) ? 'unknown' : 'failed';
}

/** A lease for dispatches that are born leased. */
export const birth = (overrides: Partial<BirthLease> = {}): BirthLease => ({ holder: 'worker-a', ttlMs: 30_000, limit: 100, ...overrides });

const someError = { code: 'provider_unavailable', message: 'The service answered 503. Try again later.', status: 503 };

function makeAttempt(dispatch: ClaimedDispatch, overrides: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    key: dispatch.key,
    number: dispatch.lastAttempt + 1,
    round: dispatch.round,
    outcome: 'succeeded',
    startedAt: dispatch.storeNow,
    durationMs: 12,
    holder: dispatch.holder,
    fence: dispatch.fence,
    error: null,
    retryInMs: null,
    providerRequestId: null,
    warnings: [],
    exchange: null,
    ...overrides,
  };
}

function makeSettle(dispatch: ClaimedDispatch, settlement: Settlement, overrides: Partial<SettleItem> = {}): SettleItem {
  const outcome = outcomeOf(settlement);
  return {
    tenant: dispatch.key.tenant,
    handle: dispatch.handle,
    fence: dispatch.fence,
    key: dispatch.key,
    attempt: makeAttempt(dispatch, {
      outcome,
      error: outcome === 'succeeded' ? null : someError,
      retryInMs: settlement.to === 'pending' ? settlement.delayMs : null,
    }),
    settlement,
    run: null,
    lease: null,
    ...overrides,
  };
}

function makeEvent(tenant: string, id: string, overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    tenant,
    id,
    type: 'github.issue.opened',
    source: `/tenants/${encodeURIComponent(tenant)}`,
    subject: null,
    time: 1_790_000_000_000,
    connection: null,
    correlation: id,
    causation: null,
    class: 'record',
    severity: 'info',
    data: { codec: 'plain', bytes: new TextEncoder().encode('{"number":7}') },
    original: null,
    receipt: null,
    ...overrides,
  };
}

function makeDispatch(tenant: string, handler: string, root: string, overrides: Partial<NewDispatch> = {}): NewDispatch {
  return {
    key: { tenant, root, target: 'subscriber:search-index', replay: 0, path: 'deliver' },
    handler,
    lane: 'subscriber:search-index',
    workClass: 'live',
    operation: 'search-index',
    connection: null,
    input: null,
    version: null,
    delayMs: 0,
    mark: 'claim',
    onUnknown: 'hold',
    ordering: null,
    ...overrides,
  };
}

/** Makes the samples of one test: a tenant of its own, a handler of its own, ids in order of time. */
export function createSamples(tenant = 'acme', handler = 'subscriber:search-index'): Samples {
  const newId = uuidGenerator(systemClock, (bytes) => crypto.getRandomValues(bytes));
  const samples: Samples = {
    tenant,
    handler,
    newId,
    event: (overrides = {}) => makeEvent(tenant, newId(), overrides),
    dispatch: (root, overrides = {}) => makeDispatch(tenant, handler, root, overrides),
    run: (root, overrides = {}) => ({
      key: { tenant, root, automation: newId(), replay: 0 },
      automationName: 'triage',
      version: 1,
      status: 'running',
      state: '{"steps":{}}',
      error: null,
      ...overrides,
    }),
    item(overrides = {}) {
      const root = overrides.root ?? newId();
      const event = makeEvent(tenant, root);
      return { tenant, root, dedupe: null, event, plan: samples.plan({ dispatches: [samples.dispatch(root)] }), lease: null, ...overrides };
    },
    call: (root, dispatches = [samples.dispatch(root)], lease = null) => ({
      tenant,
      root,
      dedupe: null,
      event: null,
      plan: samples.plan({ dispatches }),
      lease,
    }),
    automated(root, overrides = {}) {
      const run = samples.run(root, overrides.run);
      const target = `automation:${run.key.automation}`;
      const key = { tenant, root, target, replay: run.key.replay, path: 'ticket' };
      const dispatch = samples.dispatch(root, {
        key,
        version: run.version,
        operation: 'create_issue',
        input: '{"a":1}',
        ...overrides.dispatch,
      });
      const considered = [{ automation: run.key.automation, version: run.version, matched: true }];
      const plan = samples.plan({ runs: [run], dispatches: [dispatch], considered });
      return { tenant, root, dedupe: null, event: makeEvent(tenant, root), plan, lease: overrides.lease ?? null };
    },
    plan: (overrides = {}) => ({ revision: { hub: 0, tenant: 0 }, considered: [], runs: [], dispatches: [], ...overrides }),
    claim: (overrides = {}) => ({
      holder: 'worker-a',
      handlers: [handler],
      limit: 10,
      replayShare: 0.2,
      ttlMs: 30_000,
      kind: 'ready',
      ...overrides,
    }),
    attempt: makeAttempt,
    settle: makeSettle,
    change: (run, overrides = {}) => ({
      key: run.key,
      revision: run.revision,
      status: 'running',
      state: '{"steps":{"ticket":{}}}',
      error: null,
      next: [],
      ...overrides,
    }),
  };
  return samples;
}
