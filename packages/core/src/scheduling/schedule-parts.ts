import type { Clock } from '../clock/clock.ts';
import type { ConfigurationCache } from '../configuration/create-configuration-cache.ts';
import type { Storage } from '../contracts/storage.ts';
import type { Publisher } from '../events/create-publisher.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Notify } from '../notices/notices.ts';
import type { CalendarParts } from './schedule-calendars.ts';

/** What firing schedules needs. */
export interface ScheduleParts {
  readonly storage: Pick<Storage<unknown>, 'states' | 'now'>;
  readonly cache: ConfigurationCache;
  readonly publisher: Pick<Publisher, 'ingest' | 'publish'>;
  readonly calendars: CalendarParts;
  readonly clock: Pick<Clock, 'nextTurn'>;
  readonly generateId: GenerateId;
  readonly notify: Notify;
}
