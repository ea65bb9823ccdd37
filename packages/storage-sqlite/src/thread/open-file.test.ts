import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFile, useWriteAheadLog } from './open-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-open-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('opens a file whose commits are synced to the disk, in a write-ahead log, and that nobody waits for', () => {
  const opened = openFile(join(folder, 'patchbay.db'));
  useWriteAheadLog(opened);
  const pragma = (name: string) => opened.session.get(`pragma ${name}`)?.[name];
  // 2 is the number of FULL.
  expect([pragma('synchronous'), pragma('journal_mode'), pragma('foreign_keys')]).toEqual([2, 'wal', 1]);
  expect(opened.session.get('pragma busy_timeout')).toEqual({ timeout: 0 });
  opened.database.close();
});
