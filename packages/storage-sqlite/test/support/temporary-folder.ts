import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own. */
export interface TemporaryFolder {
  readonly path: string;
  /** A file in it, which does not exist yet. */
  readonly file: string;
  remove(): void;
}

/** Makes a folder that goes away with `remove`. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'patchbay-sqlite-'));
  return { path, file: join(path, 'patchbay.db'), remove: () => rmSync(path, { recursive: true, force: true }) };
}
