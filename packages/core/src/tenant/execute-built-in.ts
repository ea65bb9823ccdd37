import { PatchbayError } from '../errors/patchbay-error.ts';
import { hashJson } from '../events/hash-json.ts';
import type { Json } from '../json/json.ts';
import { builtInDispatch } from '../routing/plan-built-in.ts';
import { checkKey } from './check-text.ts';
import { checkedInput, keyUsedBefore, type QueuedAction, queuedAction } from './queued-action.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** A queued call of a built-in action. */
export interface BuiltInRequest<Input> {
  /** None: it goes through no connection. */
  readonly connection?: never;
  readonly input: Input;
  /** The same key with the same input is the same call, for 30 days; with other input it is a `conflict`. @default none */
  readonly idempotencyKey?: string;
}

/** Queues a call that goes through no connection. Throws `unknown_action` for one that the hub has not. */
export async function executeBuiltIn(
  scope: TenantScope,
  name: string,
  request: Omit<BuiltInRequest<unknown>, 'connection'> & { readonly connection?: unknown },
): Promise<QueuedAction> {
  const { tenant, registry, publisher, generateId, cache } = scope;
  await scope.ready();
  const idempotencyKey = checkKey(request.idempotencyKey, 'idempotency key');
  const action = registry.builtIn.get(name);
  if (request.connection !== undefined)
    throw new PatchbayError({ code: 'invalid_argument', message: `The action ${name} goes through no connection. Leave it out.` });
  await requireFeature(scope, 'actions');
  const input = await checkedInput(action.input, name, request.input);
  const faults = (await action.check?.(JSON.parse(input) as Json)) ?? [];
  if (faults.length > 0)
    throw new PatchbayError({
      code: 'invalid_input',
      message: `The input of ${name} is not valid: ${faults.join('; ')}. Nothing was queued.`,
    });
  const root = generateId();
  const key = { tenant, root, target: 'call', replay: 0, path: 'call' };
  const dispatch = {
    ...builtInDispatch(action, input),
    key,
    workClass: 'live' as const,
    version: null,
    onUnknown: 'hold' as const,
    ordering: null,
  };
  const dedupe = idempotencyKey === undefined ? null : { key: `call:${idempotencyKey}`, hash: hashJson([name, null, JSON.parse(input)]) };
  const verdict = await publisher.ingest({ tenant, root, dedupe, event: null }, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
  if (verdict.status === 'conflict') throw keyUsedBefore();
  return queuedAction(scope, { ...key, root: verdict.status === 'duplicate' ? verdict.root : root });
}
