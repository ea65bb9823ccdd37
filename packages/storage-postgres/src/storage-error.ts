import { isPatchbayError, PatchbayError } from '@patchbay/core';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * The five characters by which PostgreSQL names a fault; `null` for what is no fault of a server. Source: PostgreSQL manual, appendix A.
 */
export function sqlState(error: unknown): string | null {
  const code = isObject(error) && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

const isValueFault = (state: string): boolean => /^(22|23|54)/.test(state);

/** True where a unique key was stored by somebody else in the meantime. */
export const isKeyTaken = (error: unknown): boolean => isPatchbayError(error) && error.details['sqlstate'] === '23505';

/**
 * What a statement has waited for in vain, as another transaction held it: the configuration of some scope, or a row; `null` for other faults.
 */
export function waitedFor(error: unknown): 'configuration' | 'row' | null {
  if (!isPatchbayError(error) || error.details['sqlstate'] !== '55P03') return null;
  return error.details['held'] === 'configuration' ? 'configuration' : 'row';
}

/** The server says where it stood when it gave up; the name of the function is the same in every language. */
const heldOf = (error: unknown): 'configuration' | 'row' =>
  isObject(error) && 'where' in error && String(error.where).includes('lock_revisions') ? 'configuration' : 'row';

/** The error for a call that was handed something it cannot store. */
export const malformed = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });

/**
 * What a failed statement means. Only the state code and the names of tables and constraints are passed on: the server's own messages and
 * details quote the values of the row.
 */
export function storageError(error: unknown): PatchbayError {
  if (isPatchbayError(error)) return error;
  const state = sqlState(error);
  if (state === null) {
    const message = 'PostgreSQL cannot be reached. Check that the server runs and that the pool has its address; the call may be repeated.';
    return new PatchbayError({ code: 'storage_unavailable', message, retryable: true, cause: error });
  }
  const constraint = isObject(error) && 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : null;
  const held = state === '55P03' ? { held: heldOf(error) } : {};
  const details = { sqlstate: state, ...held, ...(constraint === null ? {} : { constraint }) };
  if (/^(3F000|42P01|42883|42703)$/.test(state)) {
    const message = 'The schema of this storage is missing or older than this package. Await ready() before the first call.';
    return new PatchbayError({ code: 'not_ready', message, details });
  }
  if (state === '42501') {
    const message =
      "The pool's role lacks a privilege. Grant it the use of the schema and of the tables, sequences and functions in it, or let the role that migrated it be the pool's. Where row-level security is enabled, set the option rowLevelSecurity.";
    return new PatchbayError({ code: 'not_ready', message, details });
  }
  if (/^(26000|42P05)$/.test(state)) {
    const message =
      'A prepared statement got lost between two connections, as behind a pooler that hands them out per transaction. Set prepare to false.';
    return new PatchbayError({ code: 'storage_unavailable', message, retryable: true, details });
  }
  if (state === '23503') {
    const message = 'A row names a connection that this tenant does not have. Write the connection first, or in the same change.';
    return new PatchbayError({ code: 'invalid_argument', message, details });
  }
  if (state === '23514') {
    const message =
      'No partition takes this id. It is no uuid of version 7, the clock of its maker runs weeks ahead, or nothing has made partitions for weeks: start a worker, or call maintain().';
    return new PatchbayError({ code: 'invalid_argument', message, details });
  }
  if (isValueFault(state)) {
    const message = `PostgreSQL refuses a value (${state}). Look for text with a NUL character, an id that is no uuid, a number out of range.`;
    return new PatchbayError({ code: 'invalid_argument', message, details });
  }
  const message = `PostgreSQL did not carry out a statement (${state}). Repeat the call; the server's manual explains the code.`;
  return new PatchbayError({ code: 'storage_unavailable', message, retryable: true, details });
}
