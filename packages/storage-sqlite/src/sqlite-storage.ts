import { resolve } from 'node:path';
import { PatchbayError } from '@patchbay/core';
import { type Clock, fullRetention, type Retention, type Storage, systemClock } from '@patchbay/core/adapter';
import { startWorker } from './start-worker.ts';
import { storageOver } from './storage-over.ts';
import { type DatabaseThread, databaseThread } from './thread/database-thread.ts';

export type { Retention };

/** How {@link sqliteStorage} behaves. */
export interface SqliteStorageOptions {
  /** Path of the file, which only this storage uses. It is made where there is none; its folder must exist. */
  readonly file: string;
  /** Milliseconds for which a call waits while another process writes to the file, before it fails as retryable. @default 5,000 */
  readonly busyMs?: number;
  /** The store's time. All processes on one file need the same. @default the machine's clock */
  readonly clock?: Clock;
  /** How long what has ended is kept. @default 90 days of history, 30 days of dedupe keys */
  readonly retention?: Retention;
}

const invalid = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });

/** The absolute path of the file. Throws `invalid_argument` for what SQLite would not keep on a disk. */
function checkFile(file: string): string {
  if (file === ':memory:' || file === '') {
    throw invalid('SQLite in memory keeps nothing. Name a file, or take memoryStorage() of @patchbay/storage-memory.');
  }
  if (file.includes('\u0000')) throw invalid('The path of the file holds a NUL character. Name another file.');
  return resolve(file);
}

function checkBusyMs(busyMs: number): number {
  if (Number.isFinite(busyMs) && busyMs >= 0) return busyMs;
  throw invalid('The time to wait for other processes is no number of milliseconds. Give 0 or more.');
}

/** The thread that owns the file, started with the first call. */
export const openThread = ({ file, busyMs = 5_000, clock }: SqliteStorageOptions): DatabaseThread =>
  databaseThread({
    thread: { file: checkFile(file), busyMs: checkBusyMs(busyMs) },
    clock: clock ?? systemClock,
    now: () => clock?.now() ?? null,
    start: startWorker,
  });

/**
 * Keeps everything in one SQLite file on this machine, for one process or a few. What has been answered is on the disk. The file is owned
 * by a thread, so that the host's event loop never waits for it; the thread keeps no process alive. Throws `invalid_argument` for a path
 * that names no file and for a retention out of its bounds; every call fails as a retryable `storage_unavailable` while another process holds the file for longer than `busyMs`,
 * and with `not_ready` before `ready()` has made the tables.
 */
export function sqliteStorage(options: SqliteStorageOptions): Storage {
  return storageOver({ thread: openThread(options), clock: options.clock ?? systemClock, retention: fullRetention(options.retention) });
}
