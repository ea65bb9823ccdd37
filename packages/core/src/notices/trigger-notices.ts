import type { ErrorRecord } from '../errors/error-record.ts';

/** What `hub.on` can observe of triggers. */
export interface TriggerNotices {
  /** Times of a schedule have passed without a run, because nobody was there: `first` and `last` of them. */
  'schedule.missed': { tenant: string; automationId: string; name: string; count: number; first: number; last: number; at: number };
  /** A calendar of a schedule could not be read. What was read before serves on; where nothing was, the schedule waits. */
  'schedule.calendar_failed': { tenant: string; automationId: string; name: string; reason: string; at: number };
  /** A look of a polling trigger has failed, the so many-th time in a row. The cursor stays where it is, and the next look comes later. */
  'poll.failed': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    triggerId: string;
    failures: number;
    error: ErrorRecord;
    at: number;
  };
}
