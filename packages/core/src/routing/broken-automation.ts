import type { ErrorRecord } from '../errors/error-record.ts';

/** A stored automation that this process cannot read, such as one written by a newer version. It must not keep the others from running. */
export interface BrokenAutomation {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly error: ErrorRecord;
}
