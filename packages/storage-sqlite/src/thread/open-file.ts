import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type ClaimCursor, createClaimCursor } from '../ledger/claim-ready.ts';
import { Refusal } from '../sql/refusal.ts';
import { text } from '../sql/row.ts';
import { createSession, type Session } from '../sql/session.ts';

/** An open file with what the thread remembers about it. */
export interface OpenFile {
  readonly database: DatabaseSync;
  readonly session: Session;
  readonly cursor: ClaimCursor;
}

/** Largest write-ahead log that is kept between checkpoints, bytes. */
const keptLogBytes = 64 * 1024 * 1024;

/**
 * Makes an empty file that only this user may read. A file that exists is never opened here: closing it again would take away the locks that
 * SQLite holds on it in this process.
 */
function makeFile(file: string): void {
  if (existsSync(file)) return;
  const folder = dirname(file);
  if (!existsSync(folder)) {
    const message = `The folder ${folder} for the file of the storage does not exist. Make it, or name a file in one that does.`;
    throw new Refusal({ code: 'not_ready', message });
  }
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // Another process made it in the meantime, or SQLite will say what is wrong with the folder.
  }
}

/** Lets a new file give pages back to the file system later. One that holds anything keeps the way it has. */
function keepMapOfPages(database: DatabaseSync): void {
  if (database.prepare('pragma page_count').get()?.['page_count'] === 0) database.exec('pragma auto_vacuum = incremental');
}

/**
 * Opens the file, and makes it where there is none. SQLite itself never waits for a lock, as it would do nothing else meanwhile; a commit
 * is on the disk before it is answered.
 */
export function openFile(file: string): OpenFile {
  makeFile(file);
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    keepMapOfPages(database);
    database.exec(`pragma synchronous = full; pragma journal_size_limit = ${keptLogBytes}; pragma cache_size = -16000`);
  } catch (error) {
    database.close();
    throw error;
  }
  return { database, session: createSession(database), cursor: createClaimCursor() };
}

/** Turns on the write-ahead log, which stays on for good: readers then never wait for the writer, nor it for them. */
export function useWriteAheadLog({ session }: OpenFile): void {
  const row = session.get('pragma journal_mode = wal');
  if (row !== undefined && text(row, 'journal_mode') === 'wal') return;
  const message = 'The file of the storage cannot have a write-ahead log, as on most network disks. Put it on a disk of this machine.';
  throw new Refusal({ code: 'not_ready', message });
}
