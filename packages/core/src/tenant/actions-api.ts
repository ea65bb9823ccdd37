import { isBuiltInName } from '../connector/built-in-action.ts';
import type { Connector } from '../connector/connector-definition.ts';
import type { HostFunctions } from '../connector/host-function.ts';
import type { ResolvedAction } from '../connector/resolve-action.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { hashJson } from '../events/hash-json.ts';
import { requireResources } from '../gateway/require-resources.ts';
import { requireScopes } from '../gateway/require-scopes.ts';
import type { Json } from '../json/json.ts';
import { actionHandler } from '../routing/plan-step.ts';
import { type ActionOptions, type ActionOptionsRequest, actionOptions } from './action-options.ts';
import { checkKey } from './check-text.ts';
import { connectionOfAction, turnedOn } from './connection-of-action.ts';
import { type BuiltInRequest, executeBuiltIn } from './execute-built-in.ts';
import { applyNamed } from './mappings-api.ts';
import { checkedInput, keyUsedBefore, type QueuedAction, queuedAction } from './queued-action.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';
import type { ActionInput, ActionName } from './typed-automation.ts';
import type { BuiltInInput, BuiltInName } from './typed-built-in.ts';

/** A queued call of an action. */
export interface ActionRequest<Input> {
  /** Name or id. */
  readonly connection: string;
  readonly input: Input;
  /** The same key with the same input is the same call, for 30 days; with other input it is a `conflict`. @default none */
  readonly idempotencyKey?: string;
}

/** A queued call of an action whose input a mapping makes. */
export interface MappedRequest extends Omit<ActionRequest<never>, 'input'> {
  /** Name or id of the tenant's mapping. */
  readonly mapping: string;
  /** What is mapped: a record of the host's. */
  readonly record: Json;
}

/** A tenant's direct calls of actions: queued, in the same ledger as automations. */
export interface ActionsApi<C extends Connector, F extends HostFunctions = never> {
  /** An action of the hub's own, which goes through no connection: `email.send`, `host.{function}`. */
  execute<Name extends BuiltInName<F>>(action: Name, request: BuiltInRequest<BuiltInInput<F, Name>>): Promise<QueuedAction>;
  execute<Name extends ActionName<C>>(action: Name, request: ActionRequest<ActionInput<C, Name>>): Promise<QueuedAction>;
  /** The same with what a mapping makes of a record of the host's. Throws `mapping_failed` with every field that does not fit, and queues nothing. */
  executeMapped(action: ActionName<C>, request: MappedRequest): Promise<QueuedAction>;
  /**
   * What a field of an action's input can be set to, asked for at the service now, while a person fills the input in: a page at a time. It takes no dispatch, and is the
   * caller's own to repeat. Throws `invalid_argument` for a field without options and for one that has to be filled in first, which it names.
   */
  options(request: ActionOptionsRequest<ActionName<C>>): Promise<ActionOptions>;
}

/** The actions part of a tenant's handle. */
export function actionsApi<C extends Connector, F extends HostFunctions>(scope: TenantScope): ActionsApi<C, F> {
  return {
    execute(name: string, request: BuiltInRequest<unknown> | ActionRequest<unknown>) {
      if (isBuiltInName(name)) return executeBuiltIn(scope, name, request);
      return execute(scope, name, { ...request, connection: request.connection ?? '' });
    },
    async executeMapped(action, { mapping, record, ...request }) {
      return execute(scope, action, { ...request, input: await applyNamed(scope, mapping, record) });
    },
    options: (request) => actionOptions(scope, request),
  };
}

async function execute(scope: TenantScope, name: string, request: ActionRequest<unknown>): Promise<QueuedAction> {
  const { tenant, registry, publisher, generateId } = scope;
  await scope.ready();
  const idempotencyKey = checkKey(request.idempotencyKey, 'idempotency key');
  const row = await connectionOfAction(scope, registry.resolveAny(name), request.connection);
  const resolved = registry.resolveFor(name, row.value);
  const connection = row.id;
  await requireFeature(scope, 'actions');
  requireScopes(resolved.connector, { name: resolved.action, definition: resolved.definition }, row.value);
  const input = await checkedInput(resolved.definition.input, name, request.input);
  const call = { name: resolved.action, definition: resolved.definition, input: JSON.parse(input) };
  await requireResources(resolved.connector, call, row.value);
  const root = generateId();
  const dispatch = callDispatch(resolved, { tenant, root, connection, input });
  const dedupe =
    idempotencyKey === undefined ? null : { key: `call:${idempotencyKey}`, hash: hashJson([name, connection, JSON.parse(input)]) };
  const verdict = await publisher.ingest({ tenant, root, dedupe, event: null }, async (fresh) => {
    const { revision } = await turnedOn(scope, resolved, fresh);
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
  if (verdict.status === 'conflict') throw keyUsedBefore();
  return queuedAction(scope, { ...dispatch.key, root: verdict.status === 'duplicate' ? verdict.root : root });
}

function callDispatch(
  { connector, action, definition }: ResolvedAction,
  call: { readonly tenant: string; readonly root: string; readonly connection: string; readonly input: string },
): NewDispatch {
  const { tenant, root, connection, input } = call;
  return {
    key: { tenant, root, target: 'call', replay: 0, path: 'call' },
    handler: actionHandler(connector.id, connector.definition.version),
    lane: `connection:${connection}`,
    workClass: 'live',
    operation: action,
    connection,
    input,
    version: null,
    delayMs: 0,
    mark: definition.idempotency === 'unsafe' ? 'begin' : 'claim',
    onUnknown: 'hold',
    ordering: null,
  };
}
