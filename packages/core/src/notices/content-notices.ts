import type { ErrorRecord } from '../errors/error-record.ts';

/** What `hub.on` can observe of content that goes into the host's search index. */
export interface ContentNotices {
  /** A read of a source, or the index, has failed, the so many-th time in a row. The cursor stays where it is, and the next read comes later. */
  'content.failed': {
    tenant: string;
    connectionId: string;
    connectorId: string;
    source: string;
    failures: number;
    error: ErrorRecord;
    at: number;
  };
}
