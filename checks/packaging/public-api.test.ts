import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { reportApi, undocumentedExports } from './report-api.ts';

const packages = inject('packedPackages');
const scratch = mkdtempSync(join(tmpdir(), 'patchbay-api-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const entries = packages.flatMap((entry) =>
  entry.entries.map((specifier) => ({ specifier, folder: entry.folder, file: specifier === entry.name ? 'index' : basename(specifier) })),
);

const known = new Map<string, string>();
const reportOf = ({ specifier, folder, file }: (typeof entries)[number]): string => {
  const report = known.get(specifier) ?? reportApi({ folder, declarations: `dist/${file}.d.ts`, scratch });
  known.set(specifier, report);
  return report;
};

it.each(entries)('the public API of $specifier is the one in its report', (entry) => {
  const { folder, file } = entry;
  const report = join(folder, 'api', `${file}.api.md`);
  const current = reportOf(entry);
  if (process.env['PATCHBAY_UPDATE_API'] === '1') {
    mkdirSync(join(folder, 'api'), { recursive: true });
    writeFileSync(report, current);
  }
  const committed = existsSync(report) ? readFileSync(report, 'utf8') : '';
  expect(current, 'The public API changed. If that is meant, run npm run api and add a changeset.').toBe(committed);
});

it.each(entries)('every export of $specifier is documented', (entry) => {
  expect(undocumentedExports(reportOf(entry))).toEqual([]);
});

it('an export without a word is seen as undocumented', () => {
  const report = '// @public\nexport const a: 1;\n\n// @public (undocumented)\nexport interface B {\n    // (undocumented)\n    c: 1;\n}\n';
  expect(undocumentedExports(report)).toEqual(['export interface B {']);
});
