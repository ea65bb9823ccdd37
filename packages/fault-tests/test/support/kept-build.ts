import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { migrations } from '../../../storage-postgres/src/schema/migrations.ts';
import type { Program } from './start-worker.ts';

/** A worker as older packages made it. */
export interface KeptBuild {
  /** How many migrations it knows. */
  readonly knows: number;
  readonly program: Program;
  remove(): void;
}

const fixtures = fileURLToPath(new URL('../../__fixtures__/', import.meta.url));

/**
 * Unpacks the newest build on record that does not know the newest migration; while the newest migration is older than every build on record,
 * the newest of these. Throws where there is none, as nothing would be tested.
 */
export function unpackKeptBuild(): KeptBuild {
  const known = readdirSync(fixtures).flatMap((name) => /^worker-of-migration-(\d+)\.mjs\.gz$/.exec(name)?.[1] ?? []);
  const counts = known.map(Number).toSorted((left, right) => right - left);
  const knows = counts.find((count) => count < migrations.length) ?? counts[0];
  if (knows === undefined)
    throw new Error('No older build is on record. Make one of the commit before the newest migration: node scripts/keep-build.mjs COMMIT');
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-kept-'));
  const file = join(folder, 'worker.mjs');
  writeFileSync(file, gunzipSync(readFileSync(join(fixtures, `worker-of-migration-${knows}.mjs.gz`))));
  const hooks = new URL('kept-build-hooks.ts', import.meta.url).href;
  return { knows, program: { file, hooks }, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
