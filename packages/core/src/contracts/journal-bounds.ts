import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { isLongerThan } from '../json/is-longer-than.ts';
import type { JournalEntry, JournalPrune, JournalQuery } from './journal-store.ts';

/** An entry as stores keep it: its time in whole milliseconds, its value as JSON text. */
export interface JournalRow extends Omit<JournalEntry, 'value'> {
  readonly value: string;
}

const mostEntries = 500;
const mostPerPage = 500;
const mostPerPrune = 5_000;
const largestValue = 16 * 1024;
/** The last time that a Date holds. */
const lastTime = 8_640_000_000_000_000;
const lengths = { tenant: [0, 200], stream: [1, 60], subject: [1, 400], verdict: [1, 60] } as const;

const malformed = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });

function checkName(field: keyof typeof lengths, name: unknown): void {
  const [least, most] = lengths[field];
  const isText = typeof name === 'string' && name.length >= least && name.length <= most && name.isWellFormed();
  if (isText && !/\p{Cc}/u.test(name)) return;
  throw malformed(`The ${field} of the journal is text of ${least} to ${most} characters without control characters. Correct it.`);
}

function checkTime(field: 'from' | 'below' | 'before', time: number | undefined): void {
  if (time === undefined || Math.abs(time) <= lastTime) return;
  throw malformed(`The time ${field} of the journal is a number of milliseconds since 1970. Correct it.`);
}

function checkLimit(limit: number, most: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return;
  throw malformed(`The limit of the journal is a whole number from 1 to ${most}. Correct it.`);
}

function journalRow({ id, tenant, stream, subject, verdict, at, value }: JournalEntry): JournalRow {
  checkName('tenant', tenant);
  checkName('stream', stream);
  checkName('subject', subject);
  checkName('verdict', verdict);
  if (!isUuid(id)) throw malformed('The id of a journal entry is a uuid in lower case. Generate one.');
  if (!(at >= 0 && at <= lastTime)) throw malformed('The time of a journal entry is a number of milliseconds since 1970. Correct it.');
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined || isLongerThan(text, largestValue))
    throw malformed(`The value of a journal entry is JSON of at most ${largestValue} bytes. Leave out what is large.`);
  return { id, tenant, stream, subject, verdict, at: Math.floor(at), value: text };
}

/** The entries of a call as rows, for an adapter to store. Throws `invalid_argument` where the contract does not allow them. */
export function journalRows(entries: readonly JournalEntry[]): readonly JournalRow[] {
  if (entries.length > mostEntries) throw malformed(`One call appends at most ${mostEntries} journal entries. Split them.`);
  return entries.map(journalRow);
}

/** Throws `invalid_argument` where the contract does not allow the query or its cursor is none. */
export function checkJournalQuery(tenant: string, { stream, subject, verdict, from, below, cursor, limit }: JournalQuery): void {
  checkName('tenant', tenant);
  checkName('stream', stream);
  if (subject !== undefined) checkName('subject', subject);
  if (verdict !== undefined) checkName('verdict', verdict);
  checkTime('from', from);
  checkTime('below', below);
  checkLimit(limit, mostPerPage);
  if (cursor !== null && !isUuid(cursor))
    throw malformed('The cursor of the journal is not one of this storage. Pass back the one of the last page.');
}

/** Throws `invalid_argument` where the contract does not allow the request. */
export function checkJournalPrune({ stream, before, limit, tenant }: JournalPrune): void {
  checkName('stream', stream);
  if (tenant !== undefined) checkName('tenant', tenant);
  checkTime('before', before);
  checkLimit(limit, mostPerPrune);
}
