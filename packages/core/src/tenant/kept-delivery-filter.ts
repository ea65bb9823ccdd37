import type { ReceiptFilter } from '../contracts/receipt-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isName } from './check-text.ts';

/** Which kept deliveries; every field narrows. */
export interface KeptDeliveryFilter {
  /** Registration's id, `app:{connector}`, or `receiver:{id}`. */
  readonly registration?: string;
  /** Connection's id. */
  readonly connection?: string;
  /** Code of the error, `invalid_event`. */
  readonly code?: string;
}

/** The store's filter. Throws `invalid_argument` for what can name nothing. */
export function receiptFilter({ registration, connection, code }: KeptDeliveryFilter): ReceiptFilter {
  for (const [name, value] of Object.entries({ registration, connection, code })) {
    if (value === undefined || isName(value)) continue;
    throw new PatchbayError({ code: 'invalid_argument', message: `The ${name} of kept deliveries is a text of 1 to 200 characters.` });
  }
  return {
    ...(registration === undefined ? {} : { registration }),
    ...(connection === undefined ? {} : { connection }),
    ...(code === undefined ? {} : { code }),
  };
}
