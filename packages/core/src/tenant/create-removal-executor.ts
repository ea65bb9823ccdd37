import { systemActor } from '../audit/actors.ts';
import { untilAnswered } from '../connections/until-answered.ts';
import type { Executor, Outcome, Work } from '../contracts/executor.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { parseRemoval, removalHandler } from '../webhooks/inbound/removal.ts';
import { removeSubscription } from '../webhooks/inbound/remove-subscription.ts';
import { askProvider } from './ask-provider.ts';
import { createScope } from './create-scope.ts';
import type { TenantServices } from './tenant-services.ts';

/** What taking registrations away needs. */
export interface RemovalOptions {
  readonly services: TenantServices;
  readonly figures: { readonly maximumAttempts: number; readonly maximumCrashes: number };
  readonly backoffMs: (attempts: number, random: number) => number;
}

/** Milliseconds for one try: several requests, and a renewal of the token between. */
const timeoutMs = 90_000;

/** Milliseconds until a removal is looked at again whose connection cannot be used. */
const lookAgainMs = 900_000;

/** Takes registrations away at their providers. Taking away twice does no harm, so it is tried until the provider has answered. */
export function createRemovalExecutor({ services, figures, backoffMs }: RemovalOptions): Executor {
  return {
    handler: removalHandler,
    policy: () => untilAnswered({ figures, timeoutMs, backoffMs }),
    execute: (work) => execute(services, work),
  };
}

async function execute(services: TenantServices, { dispatch }: Work): Promise<Outcome> {
  try {
    const removal = parseRemoval(dispatch.input);
    const scope = createScope(services, dispatch.key.tenant, { actor: systemActor });
    const row = await scope.configuration.get(scope.tenant, 'connection', removal.connection);
    const subscriptions = row && scope.registry.findFor(row.value)?.definition.webhook?.subscriptions;
    // Without its connection nobody can ask the provider; what was registered by it has been taken away when it ended.
    if (!row || !subscriptions || row.value.status === 'disconnected') return { outcome: 'succeeded', output: null };
    if (row.value.status !== 'active') return { outcome: 'deferred', delayMs: lookAgainMs, reason: 'connection' };
    await askProvider(scope, row)((call) => removeSubscription(subscriptions, call, removal));
    return { outcome: 'succeeded', output: null };
  } catch (error) {
    return { outcome: 'failed', error: toErrorRecord(error), retryable: !isPatchbayError(error) || error.retryable };
  }
}
