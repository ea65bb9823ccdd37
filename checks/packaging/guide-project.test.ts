import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSourceTree, repositoryRoot } from '../architecture/source-tree.ts';
import { type GuideFile, guideFiles } from './guide-files.ts';
import { runCommand } from './run-command.ts';

const guide = readSourceTree().get('docs/guides/write-a-connector.md') ?? '';
const files = guideFiles(guide);
const manifest: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
  files.find(({ path }) => path === 'package.json')?.text ?? '{}',
);
const suite = 'src/conformance.test.ts';
const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];

describe('the project of the guide to connectors', () => {
  let folder: string;
  let project: string;

  // What the guide's package.json names is linked into the project, and nothing else, so that what it forgets is missed. The compiler is
  // this repository's, which saves the largest download.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-guide-'));
    project = join(folder, 'project');
    const store = join(folder, 'store');
    mkdirSync(store);
    writeFileSync(join(store, 'package.json'), '{ "private": true }\n');
    const named = Object.entries(manifest.devDependencies).filter(([name]) => !name.startsWith('@patchbay/') && name !== 'typescript');
    const wanted = [...inject('packedPackages').map(({ archive }) => archive), ...named.map(([name, range]) => `${name}@${range}`)];
    await runCommand('npm', ['install', ...quiet, ...wanted], { cwd: store });
    for (const file of files) if (file.path !== suite) write(file);
    for (const name of Object.keys(manifest.devDependencies)) link(name, store);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write({ path, text }: GuideFile): void {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }

  function link(name: string, store: string): void {
    const places = [store, repositoryRoot].map((place) => join(place, 'node_modules', name));
    const place = places.find((each) => existsSync(each)) ?? expect.fail(`${name} is nowhere to be linked from`);
    const { bin = {} }: { readonly bin?: Readonly<Record<string, string>> } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    const modules = join(project, 'node_modules');
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    mkdirSync(join(modules, '.bin'), { recursive: true });
    symlinkSync(place, join(modules, name));
    for (const [command, file] of Object.entries(bin)) symlinkSync(join(place, file), join(modules, '.bin', command));
  }

  it('has its files in the guide', () => {
    expect(files.map(({ path }) => path)).toEqual(['package.json', 'tsconfig.json', 'src/index.ts', suite]);
  });

  it('asks for versions that there are', async () => {
    await expect(runCommand('npm', ['ls', '--depth=0'], { cwd: project })).resolves.toContain('typescript');
  });

  it('builds with the connector alone, and with its conformance test', async () => {
    await expect(runCommand('npm', ['run', 'build'], { cwd: project })).resolves.toBeTypeOf('string');
    expect(existsSync(join(project, 'dist/index.d.ts'))).toBe(true);
    for (const file of files) write(file);
    await expect(runCommand('npm', ['run', 'build'], { cwd: project })).resolves.toBeTypeOf('string');
  });

  it('passes the conformance suite as it stands', async () => {
    const report = join(folder, 'report.json');
    await runCommand('npm', ['test', '--', '--reporter=json', `--outputFile=${report}`], { cwd: project, env: plainEnvironment() });
    const { numPassedTests, testResults }: Report = JSON.parse(readFileSync(report, 'utf8'));
    const others = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status !== 'passed');
    expect(others.filter(({ ancestorTitles }) => ancestorTitles.at(-1) !== 'does not apply')).toEqual([]);
    expect(numPassedTests).toBeGreaterThan(40);
  });
});

/** What is read of a report of vitest's. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly ancestorTitles: readonly string[] }[];
  }[];
}

/** The environment without what this run of vitest has put into it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|TEST$|npm_)/.test(name)));
}

it('a guide names its files before their blocks', () => {
  const text =
    'Text.\n\n`a.json`: why,\nin two lines.\n\n```json\n{}\n```\n\n```ts\nno name\n```\n\n`src/b.ts`:\n\n```typescript\nlet b;\n```\n';
  expect(guideFiles(text)).toEqual([
    { path: 'a.json', text: '{}\n' },
    { path: 'src/b.ts', text: 'let b;\n' },
  ]);
});
