import type { ClaimedDispatch, IngestItem, NewDispatch, NewRun, SettleItem } from '@patchbay/core/adapter';
import { systemClock, uuidGenerator } from '@patchbay/core/adapter';

/** A new id, a uuid of version 7. */
export const newId = uuidGenerator(systemClock, (bytes) => crypto.getRandomValues(bytes));

/** The handler of all dispatches here. */
export const handler = 'action:jira@1';

/** A dispatch that is due now. */
export const newDispatch = (root: string, overrides: Partial<NewDispatch> = {}): NewDispatch => ({
  key: { tenant: 'acme', root, target: 'call', replay: 0, path: 'ticket' },
  handler,
  lane: 'connection:1',
  workClass: 'live',
  operation: 'create_issue',
  connection: '1',
  input: '{"project":"OPS"}',
  version: null,
  delayMs: 0,
  mark: 'claim',
  onUnknown: 'hold',
  ordering: null,
  ...overrides,
});

/** An event with the dispatches given. */
export function newItem(dispatches: readonly NewDispatch[] = [], overrides: Partial<IngestItem> = {}): IngestItem {
  const root = overrides.root ?? dispatches[0]?.key.root ?? newId();
  const tenant = overrides.tenant ?? 'acme';
  const event = {
    tenant,
    id: root,
    type: 'github.issue.opened',
    source: '/tenants/acme',
    subject: null,
    time: 1_790_000_000_000,
    connection: null,
    correlation: root,
    causation: null,
    class: 'record',
    severity: 'info',
    data: { codec: 'plain' as const, bytes: new TextEncoder().encode('{"number":7}') },
    original: null,
    receipt: null,
  };
  const plan = { revision: { hub: 0, tenant: 0 }, considered: [], runs: [], dispatches };
  return { tenant, root, dedupe: { key: `delivery:${root}`, hash: null }, event, plan, lease: null, ...overrides };
}

/** An event with one run that has a dispatch at each of the paths. */
export function newRunItem(paths: readonly string[], overrides: Partial<IngestItem> = {}): IngestItem {
  const root = newId();
  const automation = newId();
  const run: NewRun = {
    key: { tenant: 'acme', root, automation, replay: 0 },
    automationName: 'triage',
    version: 1,
    status: 'running',
    state: '{"steps":{}}',
    error: null,
  };
  const target = `automation:${automation}`;
  const dispatches = paths.map((path) => newDispatch(root, { key: { tenant: 'acme', root, target, replay: 0, path }, version: 1 }));
  return newItem(dispatches, { root, plan: { revision: { hub: 0, tenant: 0 }, considered: [], runs: [run], dispatches }, ...overrides });
}

/** A claim of everything that is ready. */
export const claimAll = (overrides: Partial<{ holder: string; limit: number; ttlMs: number; replayShare: number }> = {}) => ({
  holder: 'worker-a',
  handlers: [handler],
  limit: 1_000,
  replayShare: 0.2,
  ttlMs: 30_000,
  kind: 'ready' as const,
  ...overrides,
});

/** The outcome that the dispatch has succeeded, and with it its run's next state. */
export function succeeded(dispatch: ClaimedDispatch, overrides: Partial<SettleItem> = {}): SettleItem {
  const { run } = dispatch;
  const change = run && {
    key: run.key,
    revision: run.revision,
    status: 'running' as const,
    state: '{"steps":{"a":1}}',
    error: null,
    next: [],
  };
  return {
    tenant: dispatch.key.tenant,
    handle: dispatch.handle,
    fence: dispatch.fence,
    key: dispatch.key,
    attempt: {
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
    },
    settlement: { to: 'succeeded', output: '{"key":"OPS-1"}' },
    run: change,
    lease: null,
    ...overrides,
  };
}
