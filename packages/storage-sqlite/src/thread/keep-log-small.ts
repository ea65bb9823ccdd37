import { statSync } from 'node:fs';
import type { Session } from '../sql/session.ts';

/** Flushes between two looks at the size of the write-ahead log. */
const flushesPerLook = 500;

/** Size of the write-ahead log from which it is emptied by force, bytes. SQLite's own checkpoints mostly keep it at 4 MiB. */
const largestLogBytes = 128 * 1024 * 1024;

/**
 * Empties a write-ahead log that has outgrown its bound, which SQLite's own checkpoints cannot while somebody is always reading. Called
 * after every flush.
 */
export function logKeeper(file: string): (session: Session) => void {
  let flushes = 0;
  return (session) => {
    flushes += 1;
    if (flushes % flushesPerLook !== 0) return;
    const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
    if (log === undefined || log.size <= largestLogBytes) return;
    try {
      session.get('pragma wal_checkpoint(truncate)');
    } catch {
      // Somebody is reading or writing; a later look finds it again.
    }
  };
}
