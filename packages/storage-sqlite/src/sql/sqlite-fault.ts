import { Refusal, type RefusalRecord } from './refusal.ts';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The primary result code by which SQLite names a fault; `null` for what is no fault of SQLite. Source: sqlite.org/rescode.html. */
export function sqliteCode(error: unknown): number | null {
  const code = isObject(error) && 'errcode' in error ? error.errcode : null;
  return typeof code === 'number' ? code & 0xff : null;
}

/** True where another connection is writing at the moment. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 5 || code === 6;
}

const unavailable = 'storage_unavailable' as const;

/** What each result code means to the caller. None of the texts of SQLite is passed on: they may quote the file's content. */
const meanings: ReadonlyMap<number, Pick<RefusalRecord, 'code' | 'message'> & Partial<RefusalRecord>> = new Map([
  [
    3,
    {
      code: 'not_ready',
      message: 'The file of the storage may not be opened. Give this process the right to read and write it and its folder.',
    },
  ],
  [8, { code: 'not_ready', message: 'The file of the storage cannot be written. Give this process the right to write it and its folder.' }],
  [
    10,
    {
      code: unavailable,
      retryable: true,
      message: 'Reading or writing the file of the storage failed. Look at the disk; the call may be repeated.',
    },
  ],
  [
    11,
    {
      code: 'not_ready',
      message: 'The file of the storage is damaged. Stop the hub, and put back a copy or let the sqlite3 shell recover it.',
    },
  ],
  [13, { code: unavailable, retryable: true, message: 'The disk of the storage is full. Make room; the call may be repeated.' }],
  [
    14,
    {
      code: 'not_ready',
      message: 'The file of the storage cannot be opened. Check that its folder exists and that this process may write there.',
    },
  ],
  [26, { code: 'not_ready', message: 'The file is no SQLite database. Name another file, or one that does not exist yet.' }],
]);

/** SQLite's codes for a value that does not fit: too big, a constraint, a type, a parameter out of range. */
const valueFaults: ReadonlySet<number> = new Set([18, 19, 20, 25]);

/** What went wrong, in a form that can cross the border of the thread. */
export function refusalOf(error: unknown): RefusalRecord {
  if (error instanceof Refusal) return error.record;
  const code = sqliteCode(error);
  if (code === null) {
    if (error instanceof TypeError || error instanceof RangeError) {
      const message =
        'The storage was handed a value that it cannot store. Look for a missing field, a value of another type or a number out of range.';
      return { code: 'invalid_argument', message, retryable: false, details: {} };
    }
    const message = 'The storage failed in a way that it does not know. Report it with the steps that lead there.';
    return { code: 'internal', message, retryable: false, details: { name: error instanceof Error ? error.name : typeof error } };
  }
  const details = { sqlite: code };
  const known = meanings.get(code);
  if (known !== undefined) return { retryable: false, ...known, details };
  if (valueFaults.has(code)) {
    const message = `SQLite refuses a value (code ${code}). Look for a missing field or a value of another type.`;
    return { code: 'invalid_argument', message, retryable: false, details };
  }
  if (isBusy(error)) {
    const message = 'Another process kept the file of the storage locked. Repeat the call; let few processes share one file.';
    return { code: unavailable, message, retryable: true, details };
  }
  const message = `SQLite did not carry out a statement (code ${code}). Repeat the call; sqlite.org/rescode.html explains the code.`;
  return { code: unavailable, message, retryable: true, details };
}
