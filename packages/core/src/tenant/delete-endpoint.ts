import type { DispatchKey } from '../contracts/dispatch-records.ts';
import { isPatchbayError } from '../errors/patchbay-error.ts';
import { healthName } from '../webhooks/outbound/endpoint-health.ts';
import { endpointTarget } from '../webhooks/outbound/endpoint-target.ts';
import { windowName } from '../webhooks/outbound/endpoint-watch.ts';
import { amendDispatch, cancelling } from './amend-dispatch.ts';
import { endpointBusy, endpointWriteTries } from './change-endpoint.ts';
import { endpointRow } from './endpoint-row.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** Dispatches that are cancelled at the same time. */
const pageSize = 50;

/** Deletes an endpoint and cancels what is still open for it; what is under way ends by itself. Its history stays. */
export async function deleteEndpoint(scope: TenantScope, reference: string): Promise<void> {
  const { tenant, configuration, cache, storage } = scope;
  const openLane = (of: string) =>
    storage.gates.open((['disabled', 'breaker', 'rate_limited'] as const).map((reason) => ({ tenant, lane: endpointTarget(of), reason })));
  let id: string | undefined;
  for (let tries = 0; tries < endpointWriteTries && id === undefined; tries += 1) {
    const row = await endpointRow(scope, reference);
    // Before it is gone: nobody could open it afterwards, and what waits in it would wait for ever where this ends halfway.
    await openLane(row.id);
    const verdict = await configuration.write(tenant, [{ delete: 'endpoint', id: row.id, expect: row.version }]);
    if (verdict.status === 'written') id = row.id;
  }
  if (id === undefined) throw endpointBusy();
  cache.forget(tenant);
  await cancelOpen(scope, endpointTarget(id));
  // What nobody needs any more would stay for ever.
  await storage.states.write([healthName(id), windowName(id)].map((name) => ({ tenant, name, expect: 'any' as const, value: null })));
  await openLane(id);
}

/** Cancels what waits for a target. */
export async function cancelOpen(scope: TenantScope, target: string): Promise<void> {
  const { tenant, storage } = scope;
  for (const status of ['pending', 'held'] as const) {
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof storage.history.dispatches>> = await storage.history.dispatches(
        tenant,
        { target, status },
        { cursor, limit: pageSize, order: 'oldest' },
      );
      await Promise.all(page.items.map(({ key }) => cancelOne(scope, key)));
      cursor = page.cursor;
      if (cursor === null) break;
    }
  }
}

async function cancelOne(scope: TenantScope, key: DispatchKey): Promise<void> {
  try {
    await amendDispatch(scope, cancelling, async () => {
      const record = await scope.storage.history.dispatch(key);
      if (!record) throw notFound('dispatch');
      return record;
    });
  } catch (error) {
    // One that a worker has taken meanwhile, or that has ended, finds no endpoint any more.
    if (!isPatchbayError(error) || error.code !== 'conflict') throw error;
  }
}
