import type { Resumption } from '../automation/run-state.ts';
import type { RunKey } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { notFound } from './not-found.ts';
import { replayEvent } from './replay-event.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a run is replayed. */
export interface ReplayRunRequest {
  readonly idempotencyKey?: string;
  /** @default from its first step */
  readonly from?: Resumption | undefined;
}

/** Runs the automation of a run once more under the same event, and answers the new run's id. Throws where that cannot be, before anything is stored. */
export async function replayRun(scope: TenantScope, key: RunKey, request: ReplayRunRequest): Promise<string> {
  const { tenant, storage, cache, compiled } = scope;
  const event = await storage.history.event(tenant, key.root);
  if (!event) throw notFound('event');
  const automation = (await cache.read(tenant, { fresh: true })).automations.find(({ id }) => id === key.automation);
  if (!automation)
    throw new PatchbayError({
      code: 'not_found',
      message: 'The automation of this run was deleted. Put it again and publish the event anew.',
    });
  const options = { all: true, only: `automation:${key.automation}`, ...request };
  const { result } = await replayEvent(scope, event, options);
  const [started] = result.runIds;
  if (started !== undefined) return started;
  const isEnabled = compiled.of(await cache.read(tenant, { fresh: true })).isEnabled(key.automation);
  throw new PatchbayError({
    code: 'conflict',
    message: isEnabled
      ? 'The automation was changed at this moment. Try again.'
      : `The automation ${automation.name} is disabled, so nothing was started. Enable it first.`,
    retryable: isEnabled,
  });
}
