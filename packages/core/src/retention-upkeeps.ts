import { retireRecords } from './audit/retire-records.ts';
import { auditRetention } from './audit-retention.ts';
import { dayMs } from './clock/day-of.ts';
import { retireGroups } from './error-groups/retire-groups.ts';
import { requestStream } from './gateway/request-log/logged-request.ts';
import { retireEntries } from './journal-retention.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { createStorageUpkeep, type StorageUpkeep, type StorageUpkeepOptions } from './storage-upkeep.ts';

/** The limit of a plan that says how many days a tenant's requests are kept. */
export const requestDays = 'requestDays';

type Parts = ResolvedOptions & Pick<StorageUpkeepOptions, 'holder'>;

const hourly = { everyMs: 3_600_000, lookMs: 600_000 };

/** What takes things away by their age, each under a lease of its own: where one process alone may delete, the others must not hold its turn. */
export function retentionUpkeeps(parts: Parts): readonly StorageUpkeep[] {
  return [auditUpkeep(parts), requestUpkeep(parts), errorUpkeep(parts)];
}

/** Days after which a group of errors goes that has not come up since. */
const errorDays = 30;

/** Once a day is enough: what is old is not shown. */
function errorUpkeep(parts: Parts): StorageUpkeep {
  const { storage } = parts;
  const maintain = async () =>
    retireGroups({
      listTenants: (request) => storage.listTenants(request),
      states: storage.states,
      before: (await storage.now()) - errorDays * dayMs,
    });
  const figures = { name: 'error-retention', everyMs: dayMs, lookMs: 3_600_000 };
  return createStorageUpkeep({ ...parts, storage: { leases: storage.leases, maintain }, figures });
}

/** Nothing is done where every record is kept. */
function auditUpkeep(parts: Parts): StorageUpkeep {
  const { storage, audit, plans, logger, generateId } = parts;
  const { leastDays, daysOf } = auditRetention({ retentionDays: audit.retentionDays, plans, logger });
  const options = { audit: storage.audit, now: () => storage.now(), generateId, daysOf };
  const maintain = leastDays === null ? {} : { maintain: () => retireRecords({ ...options, leastDays }) };
  return createStorageUpkeep({
    ...parts,
    storage: { leases: storage.leases, ...maintain },
    figures: { name: 'audit-retention', ...hourly },
  });
}

/** What was logged before the log was turned off goes as well. */
function requestUpkeep(parts: Parts): StorageUpkeep {
  const { storage, plans, logger, requestLog } = parts;
  const retention = { storage, stream: requestStream, days: requestLog.retentionDays, limit: requestDays, plans, logger };
  const maintain = () => retireEntries(retention);
  return createStorageUpkeep({
    ...parts,
    storage: { leases: storage.leases, maintain },
    figures: { name: 'request-retention', ...hourly },
  });
}
