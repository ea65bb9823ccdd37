import { sleep } from '../clock/sleep.ts';
import { findConnectionRow } from '../connections/find-connection.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { parseWith } from '../connector/parse-with.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { hashJson } from '../events/hash-json.ts';
import { actionHandler } from '../routing/plan-step.ts';
import { type DispatchView, toDispatchView } from './dispatch-view.ts';
import type { TenantScope } from './tenant-services.ts';
import type { ActionInput, ActionName } from './typed-automation.ts';

/** A queued call of an action. */
export interface ActionRequest<Input> {
  /** Name or id. */
  readonly connection: string;
  readonly input: Input;
  /** The same key with the same input is the same call, for 30 days; with other input it is a `conflict`. @default none */
  readonly idempotencyKey?: string;
}

/** A call that is in the ledger. */
export interface QueuedAction {
  readonly dispatchId: string;
  /** The dispatch when it has ended, or as it stands after `waitMs` milliseconds. @default 30,000 */
  outcome(options?: { readonly waitMs?: number }): Promise<DispatchView>;
}

/** A tenant's direct calls of actions: queued, in the same ledger as automations. */
export interface ActionsApi<C extends Connector> {
  execute<Name extends ActionName<C>>(action: Name, request: ActionRequest<ActionInput<C, Name>>): Promise<QueuedAction>;
}

/** Milliseconds between two looks at a call that is waited for. */
const lookEvery = 50;

/** The actions part of a tenant's handle. */
export function actionsApi<C extends Connector>(scope: TenantScope): ActionsApi<C> {
  return { execute: (action, request) => execute(scope, action, request) };
}

async function execute(scope: TenantScope, name: string, request: ActionRequest<unknown>): Promise<QueuedAction> {
  const { tenant, registry, storage, publisher, generateId, cache } = scope;
  await scope.ready();
  const { connector, action, definition } = registry.resolve(name);
  const connection = await findConnectionRow(storage.configuration, tenant, referenceWithin(connector.id, request.connection));
  if (connection.value.connector !== connector.id)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The connection is one of ${connection.value.connector}, and ${name} needs one of ${connector.id}.`,
    });
  const input = JSON.stringify(request.input ?? {});
  await parseWith(definition.input, JSON.parse(input), {
    code: 'invalid_input',
    what: `The input of ${name}`,
    advice: 'Nothing was queued. Correct the input.',
  });
  const root = generateId();
  const dispatch: NewDispatch = {
    key: { tenant, root, target: 'call', replay: 0, path: 'call' },
    handler: actionHandler(connector.id, connector.definition.version),
    lane: `connection:${connection.id}`,
    workClass: 'live',
    operation: action,
    connection: connection.id,
    input,
    version: null,
    delayMs: 0,
    mark: definition.idempotency === 'unsafe' ? 'begin' : 'claim',
    onUnknown: 'hold',
  };
  const dedupe =
    request.idempotencyKey === undefined
      ? null
      : { key: `call:${request.idempotencyKey}`, hash: hashJson([name, connection.id, JSON.parse(input)]) };
  const verdict = await publisher.ingest({ tenant, root, dedupe, event: null }, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
  if (verdict.status === 'conflict')
    throw new PatchbayError({
      code: 'conflict',
      message: 'The idempotency key was used before for another call. Use a new key for a new call.',
    });
  return queued(scope, { ...dispatch.key, root: verdict.status === 'duplicate' ? verdict.root : root });
}

function queued(scope: TenantScope, key: NewDispatch['key']): QueuedAction {
  const { storage, clock } = scope;
  const look = async (): Promise<DispatchView> => {
    const record = await storage.history.dispatch(key);
    if (!record) throw new PatchbayError({ code: 'not_found', message: 'The call is no longer kept.' });
    return toDispatchView(record, await storage.history.attempts(key));
  };
  return {
    dispatchId: formatDispatchId(key),
    async outcome({ waitMs = 30_000 } = {}) {
      const end = clock.monotonic() + waitMs;
      for (;;) {
        const view = await look();
        const left = end - clock.monotonic();
        if (left <= 0 || (view.status !== 'pending' && view.status !== 'leased')) return view;
        await sleep(clock, Math.min(lookEvery, left));
      }
    },
  };
}

/** A bare name means a connection of the action's own connector. */
function referenceWithin(connector: string, reference: string): string {
  return /^[0-9a-f-]{36}$/.test(reference) || reference.includes('/') ? reference : `${connector}/${reference}`;
}
