import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSourceTree, repositoryRoot } from '../architecture/source-tree.ts';
import { codeBlocks } from '../docs/code-blocks.ts';
import { runCommand } from './run-command.ts';

const packages = inject('packedPackages');
const entries = packages.flatMap((entry) => entry.entries);
/** What holds types and nothing else; every other entry brings something at run time. */
const programs = codeBlocks(readSourceTree()).filter(({ program }) => program);
const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];

describe('an empty project with the packed packages installed', () => {
  let folder: string;
  const run = (file: string, text: string): Promise<string> => {
    writeFileSync(join(folder, file), text);
    return runCommand(process.execPath, [file], { cwd: folder });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-empty-project-'));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    await runCommand('npm', ['install', ...quiet, ...packages.map(({ archive }) => archive)], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('imports every entry from its own copies', async () => {
    const lines = entries.map((entry) => `['${entry}', import.meta.resolve('${entry}'), Object.keys(await import('${entry}')).length],`);
    const rows: [string, string, number][] = JSON.parse(await run('imports.mjs', `console.log(JSON.stringify([${lines.join('\n')}]));`));
    expect(rows.map(([entry]) => entry)).toEqual(entries);
    for (const [entry, url, names] of rows) {
      expect(url, entry).toContain(pathToFileURL(join(folder, 'node_modules')).href);
      expect(names, `${entry} exports a value`).toBeGreaterThan(0);
    }
  });

  it('has the command that migrates PostgreSQL', async () => {
    const script = await runCommand(process.execPath, [join('node_modules', '.bin', 'patchbay-postgres'), 'sql'], { cwd: folder });
    expect(script).toContain('create table if not exists "patchbay".migrations');
  });

  it.each(programs)('runs the program in $document, line $line', async ({ code }) => {
    await expect(run('program.ts', code)).resolves.toBeTypeOf('string');
  });

  it('requires every entry from a CommonJS file', async () => {
    const lines = entries.map((entry) => `Object.keys(require('${entry}')).length,`);
    const counts: number[] = JSON.parse(await run('requires.cjs', `console.log(JSON.stringify([${lines.join('\n')}]));`));
    expect(counts.filter((count) => count > 0)).toHaveLength(entries.length);
  });

  it('compiles against the types of every entry', async () => {
    const lines = entries.map(
      (entry, index) => `import * as entry${index} from '${entry}';\nexport const used${index}: object = entry${index};`,
    );
    writeFileSync(join(folder, 'types.mts'), lines.join('\n'));
    // Without skipLibCheck, so that our own declarations are checked as well; what other packages' hold against each other is not ours.
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024', '--types', 'node'];
    const roots = ['--typeRoots', join(repositoryRoot, 'node_modules/@types')];
    const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    const faults = await runCommand(process.execPath, [compiler, ...flags, ...roots, '--pretty', 'false', 'types.mts'], {
      cwd: folder,
    }).then(
      () => [],
      (error: Error) => error.message.split('\n').filter((line) => /^(types\.mts|node_modules\/@patchbay\/)/.test(line)),
    );
    expect(faults).toEqual([]);
  });
});
