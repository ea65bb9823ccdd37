import { systemActor } from './audit/actors.ts';
import { checkStream } from './health/check-log.ts';
import { sweepChecks } from './health/check-sweep.ts';
import type { ResolvedHealthOptions } from './health-options.ts';
import type { NoticeBoard } from './notice-board.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';
import { checkHealth } from './tenant/check-health.ts';
import { createScope } from './tenant/create-scope.ts';
import type { TenantServices } from './tenant/tenant-services.ts';

/** What looking at connections by itself is made of. */
export interface HealthUpkeepParts extends Omit<TenantServices, 'ready' | 'hostEvents'>, Pick<StorageUpkeepOptions, 'logger' | 'holder'> {
  readonly healthOptions: ResolvedHealthOptions;
}

/** Milliseconds between two turns of looking, over all processes. */
const everyMs = 60_000;

/** Looks that are taken away in one call, and calls of one turn; what is left is for the next. */
const prunedAtOnce = 5_000;
const mostPrunes = 200;

/** Looks after which a turn ends. */
const mostChecks = 2_000;

/** Looks at the services of the connections of all tenants: one process at a time, every minute, those that are due. */
export function createHealthUpkeep(parts: HealthUpkeepParts): StorageUpkeep {
  const { storage, clock, random, generateId, logger, holder, registry, healthOptions } = parts;
  const { checkEveryMs, concurrency } = healthOptions;
  // It begins when the hub is ready.
  const services: TenantServices = { ...parts, ready: async () => undefined, hostEvents: {} };
  const closing = new AbortController();
  let cursor: string | null = null;
  const sweep = async (every: number): Promise<void> => {
    const options = {
      storage,
      clock,
      random,
      generateId,
      logger,
      checkEveryMs: every,
      concurrency,
      mostChecks,
      forMs: everyMs,
      signal: closing.signal,
    };
    const swept = await sweepChecks(
      {
        ...options,
        knows: (connector) => registry.find(connector) !== undefined,
        async look(tenant, row) {
          await checkHealth(createScope(services, tenant, { actor: systemActor }), row, { isRoutine: true });
        },
      },
      cursor,
    );
    cursor = swept.cursor;
    await parts.health.flush();
  };
  const maintain = checkEveryMs === null ? {} : { maintain: () => sweep(checkEveryMs) };
  const figures = { name: 'health-checks', everyMs, lookMs: everyMs };
  const upkeep = createStorageUpkeep({ storage: { leases: storage.leases, ...maintain }, clock, logger, holder, figures });
  return {
    ...upkeep,
    async stop() {
      closing.abort();
      await upkeep.stop();
    },
  };
}

/** Takes away the looks that are older than they are kept. */
export function createCheckRetention(
  parts: Pick<HealthUpkeepParts, 'storage' | 'clock' | 'logger' | 'holder' | 'healthOptions'>,
): StorageUpkeep {
  const { storage, clock, logger, holder, healthOptions } = parts;
  const maintain = async (): Promise<void> => {
    const before = (await storage.now()) - healthOptions.historyDays * 86_400_000;
    for (let call = 0; call < mostPrunes; call += 1) {
      if ((await storage.journal.prune({ stream: checkStream, before, limit: prunedAtOnce })) < prunedAtOnce) return;
    }
  };
  const figures = { name: 'check-retention', everyMs: 3_600_000, lookMs: 600_000 };
  return createStorageUpkeep({ storage: { leases: storage.leases, maintain }, clock, logger, holder, figures });
}

/** Has what the hub says of connections counted as signals of their health. */
export function observeHealth({ on }: Pick<NoticeBoard, 'on'>, { health }: Pick<TenantServices, 'health'>): void {
  const { book, outcomes } = health;
  on('webhook.received', ({ tenant, connectionId, duplicate, at }) => {
    if (connectionId === null || duplicate) return;
    const seen = book.note(tenant, connectionId, false);
    if (seen === undefined) return;
    seen.events += 1;
    seen.firstEventAt ??= Math.floor(at);
    seen.lastEventAt = Math.floor(at);
  });
  on('connection.token_renewed', ({ tenant, connectionId }) => {
    outcomes.add(tenant, 'renewal', true);
    const seen = book.note(tenant, connectionId, true);
    if (seen !== undefined) Object.assign(seen, { hasRenewed: true, failedRenewals: 0 });
  });
  on('connection.renewal_failed', ({ tenant, connectionId }) => {
    outcomes.add(tenant, 'renewal', false);
    const seen = book.note(tenant, connectionId, true);
    if (seen !== undefined) seen.failedRenewals += 1;
  });
  // Whoever is told of another status is to find another score soon.
  on('connection.status_changed', ({ tenant, connectionId }) => void book.note(tenant, connectionId, true));
  on('connection.connected', ({ tenant, connectionId }) => void book.note(tenant, connectionId, true));
  on('connection.disconnected', ({ tenant, connectionId }) => void book.note(tenant, connectionId, true));
}
