import type { Clock } from '../../clock/clock.ts';
import type { HistoryStore } from '../../contracts/history-store.ts';
import type { Publisher } from '../../events/create-publisher.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { Logger } from '../../logger/logger.ts';
import type { KnownRecords } from '../../records/known-records.ts';

/** What the actions on the host's records need. */
export interface RecordActionOptions {
  readonly records: KnownRecords;
  readonly publisher: Publisher;
  readonly history: Pick<HistoryStore, 'event'>;
  readonly generateId: GenerateId;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}
