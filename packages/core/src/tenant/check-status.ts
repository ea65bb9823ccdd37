import { PatchbayError } from '../errors/patchbay-error.ts';

/** A filter's status, with every status that there is; the type keeps the list complete. */
export interface StatusFilter<Status extends string> {
  /** What is listed, `run`. */
  readonly of: string;
  readonly status: Status | undefined;
  readonly known: Readonly<Record<Status, true>>;
}

/** Refuses a status that nothing can have: its list would always be empty. Throws `invalid_argument` naming those that there are. */
export function checkStatus<Status extends string>({ of, status, known }: StatusFilter<Status>): void {
  if (status === undefined || (typeof status === 'string' && Object.hasOwn(known, status))) return;
  const named = typeof status === 'string' ? `"${String(status).slice(0, 50)}"` : `that is a ${typeof status}`;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `No ${of} has a status ${named}. Ask for one of: ${Object.keys(known).join(', ')}.`,
  });
}
