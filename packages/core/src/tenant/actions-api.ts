import { sleep } from '../clock/sleep.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Connector } from '../connector/connector-definition.ts';
import { parseWith } from '../connector/parse-with.ts';
import type { ResolvedAction } from '../connector/resolve-action.ts';
import { requireTurnedOn, turnedOffReason } from '../connector/turned-off.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, NewDispatch } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { hashJson } from '../events/hash-json.ts';
import { requireResources } from '../gateway/require-resources.ts';
import { requireScopes } from '../gateway/require-scopes.ts';
import { isUuid } from '../id/is-uuid.ts';
import type { Json } from '../json/json.ts';
import { jsonText } from '../json/json-text.ts';
import { actionHandler } from '../routing/plan-step.ts';
import { checkKey } from './check-text.ts';
import { connectionRow } from './connection-row.ts';
import type { DispatchView } from './dispatch-view.ts';
import { applyNamed } from './mappings-api.ts';
import { notFound } from './not-found.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';
import type { ActionInput, ActionName } from './typed-automation.ts';
import { viewDispatch } from './view-dispatches.ts';

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

/** A call that is in the ledger. */
export interface QueuedAction {
  readonly dispatchId: string;
  /** The dispatch when it has ended, or as it stands after `waitMs` milliseconds. @default 30,000 */
  outcome(options?: { readonly waitMs?: number }): Promise<DispatchView>;
}

/** A tenant's direct calls of actions: queued, in the same ledger as automations. */
export interface ActionsApi<C extends Connector> {
  execute<Name extends ActionName<C>>(action: Name, request: ActionRequest<ActionInput<C, Name>>): Promise<QueuedAction>;
  /** The same with what a mapping makes of a record of the host's. Throws `mapping_failed` with every field that does not fit, and queues nothing. */
  executeMapped(action: ActionName<C>, request: MappedRequest): Promise<QueuedAction>;
}

/** Milliseconds between two looks at a call that is waited for. */
const lookEvery = 50;

/** The actions part of a tenant's handle. */
export function actionsApi<C extends Connector>(scope: TenantScope): ActionsApi<C> {
  return {
    execute: (action, request) => execute(scope, action, request),
    async executeMapped(action, { mapping, record, ...request }) {
      return execute(scope, action, { ...request, input: await applyNamed(scope, mapping, record) });
    },
  };
}

async function execute(scope: TenantScope, name: string, request: ActionRequest<unknown>): Promise<QueuedAction> {
  const { tenant, registry, publisher, generateId } = scope;
  await scope.ready();
  const idempotencyKey = checkKey(request.idempotencyKey, 'idempotency key');
  const resolved = registry.resolve(name);
  const row = await connectionOf(scope, resolved, request.connection);
  const connection = row.id;
  await requireFeature(scope, 'actions');
  requireScopes(resolved.connector, { name: resolved.action, definition: resolved.definition }, row.value);
  const input = await checkInput(resolved, name, request.input);
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
  if (verdict.status === 'conflict')
    throw new PatchbayError({
      code: 'conflict',
      message: 'The idempotency key was used before for another call. Use a new key for a new call.',
    });
  return queued(scope, { ...dispatch.key, root: verdict.status === 'duplicate' ? verdict.root : root });
}

/** The configuration that the call is queued under. Throws `turned_off`, but not by what another process has changed since. */
async function turnedOn(
  { tenant, cache }: TenantScope,
  { connector, action }: ResolvedAction,
  fresh: boolean,
): Promise<TenantConfiguration> {
  const known = await cache.read(tenant, { fresh });
  const place = { connector: connector.id, action };
  const configuration = turnedOffReason(known.choices(connector.id), place) === undefined ? known : await cache.current(tenant);
  requireTurnedOn(configuration.choices(connector.id), place);
  return configuration;
}

/** The connection that the call goes through. */
async function connectionOf(scope: TenantScope, { connector, action }: ResolvedAction, reference: string): Promise<Row<'connection'>> {
  const connection = await connectionRow(scope, referenceWithin(connector.id, reference));
  if (connection.value.connector === connector.id) return connection;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `The connection is one of ${connection.value.connector}, and ${connector.id}.${action} needs one of ${connector.id}.`,
  });
}

/** The input as JSON text, checked by the action's schema. */
async function checkInput({ definition }: ResolvedAction, name: string, input: unknown): Promise<string> {
  const subject = { code: 'invalid_input', what: `The input of ${name}`, advice: 'Nothing was queued. Correct the input.' } as const;
  const text = jsonText(input ?? {});
  if (text === undefined) throw new PatchbayError({ code: subject.code, message: `${subject.what} is not JSON. ${subject.advice}` });
  await parseWith(definition.input, JSON.parse(text), subject);
  return text;
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

function queued(scope: TenantScope, key: NewDispatch['key']): QueuedAction {
  const { storage, clock } = scope;
  const look = async (): Promise<DispatchRecord> => {
    const record = await storage.history.dispatch(key);
    if (!record) throw new PatchbayError({ code: 'not_found', message: 'The call is no longer kept.' });
    return record;
  };
  return {
    dispatchId: formatDispatchId(key),
    async outcome({ waitMs = 30_000 } = {}) {
      if (!Number.isFinite(waitMs)) throw new PatchbayError({ code: 'invalid_argument', message: 'waitMs is a number of milliseconds.' });
      const end = clock.monotonic() + waitMs;
      for (;;) {
        const record = await look();
        const left = end - clock.monotonic();
        if (left <= 0 || (record.status !== 'pending' && record.status !== 'leased')) return viewDispatch(scope, record);
        await sleep(clock, Math.min(lookEvery, left));
      }
    },
  };
}

/** A bare name means a connection of the action's own connector. */
function referenceWithin(connector: string, reference: unknown): string {
  if (isUuid(reference)) return reference;
  if (typeof reference !== 'string' || reference === '') throw notFound('connection');
  return reference.includes('/') ? reference : `${connector}/${reference}`;
}
