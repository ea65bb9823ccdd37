import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { type ApiReport, exportedNames, readDeclarations, reportApi, undocumentedExports, unnamedTypes } from './report-api.ts';

const packages = inject('packedPackages');
const scratch = mkdtempSync(join(tmpdir(), 'patchbay-api-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const entries = packages.flatMap((entry) =>
  entry.entries.map((specifier) => ({ specifier, folder: entry.folder, file: specifier === entry.name ? 'index' : basename(specifier) })),
);

const orderOf = ({ folder, file }: (typeof entries)[number]) => ({ folder, declarations: `dist/${file}.d.ts`, scratch });
const known = new Map<string, ApiReport>();
let declarations: ReturnType<typeof readDeclarations> | undefined;
const reportOf = (entry: (typeof entries)[number]): ApiReport => {
  const { specifier } = entry;
  const [first = entry, ...others] = entries;
  declarations ??= readDeclarations([orderOf(first), ...others.map(orderOf)]);
  const report = known.get(specifier) ?? reportApi(orderOf(entry), declarations);
  known.set(specifier, report);
  return report;
};

it.each(entries)('the public API of $specifier is the one in its report', (entry) => {
  const { folder, file } = entry;
  const report = join(folder, 'api', `${file}.api.md`);
  const current = reportOf(entry).text;
  if (process.env['PATCHBAY_UPDATE_API'] === '1') {
    mkdirSync(join(folder, 'api'), { recursive: true });
    writeFileSync(report, current);
  }
  const committed = existsSync(report) ? readFileSync(report, 'utf8') : '';
  expect(current, 'The public API changed. If that is meant, run npm run api and add a changeset.').toBe(committed);
});

it.each(entries)('every export of $specifier is documented', (entry) => {
  expect(undocumentedExports(reportOf(entry).text)).toEqual([]);
});

it('an export without a word is seen as undocumented', () => {
  const report = '// @public\nexport const a: 1;\n\n// @public (undocumented)\nexport interface B {\n    // (undocumented)\n    c: 1;\n}\n';
  expect(undocumentedExports(report)).toEqual(['export interface B {']);
});

it('a host can import every type that the hub and a handle of a tenant mention', () => {
  const ofCore = entries.filter(({ specifier }) => specifier.startsWith('@patchbay/core'));
  const folder = ofCore[0]?.folder ?? '';
  const unnamed = unnamedTypes(ofCore.map(reportOf), (path) => readFileSync(join(folder, path), 'utf8'));
  // What authors of connectors write is checked against these by defineConnector and defineAction; they name none of its parts.
  expect(unnamed.filter(({ mentionedIn }) => !mentionedIn.startsWith('dist/connector/'))).toEqual([]);
});

it('a type that no entry exports is seen, and one of its own module is not', () => {
  const reports = [
    { text: 'export interface A {', unnamed: [{ name: 'B', mentionedIn: 'dist/a.d.ts' }] },
    { text: 'export type B = C | D;', unnamed: ['A', 'C', 'D'].map((name) => ({ name, mentionedIn: 'dist/b.d.ts' })) },
  ];
  expect(unnamedTypes(reports, () => "import type { C } from './c.ts';\ntype D = 1;\n")).toEqual([
    { name: 'C', mentionedIn: 'dist/b.d.ts' },
  ]);
  const report = '// @public\nexport class A {\n\nexport function b(): void;\n\ninterface C_2 {\n}\nexport { C_2 as C }\n\nexport { d }\n';
  expect(exportedNames(report)).toEqual(['A', 'b', 'C', 'd']);
});
