import type { ErrorCode } from '@patchbay/core';

/** An error as it crosses the border of the thread, where a class does not survive. */
export interface RefusalRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, string | number>>;
}

/** An error of the thread. The host gets a `PatchbayError` of the same content: the thread loads nothing but this package. */
export class Refusal extends Error {
  readonly record: RefusalRecord;

  constructor(record: Pick<RefusalRecord, 'code' | 'message'> & Partial<RefusalRecord>) {
    super(record.message);
    this.record = { retryable: false, details: {}, ...record };
  }
}

/** The error for a call that was handed something it cannot store. */
export const malformed = (message: string): Refusal => new Refusal({ code: 'invalid_argument', message });
