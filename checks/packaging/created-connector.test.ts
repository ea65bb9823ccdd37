import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSourceTree } from '../architecture/source-tree.ts';
import { guideExcerpts, guideFiles, guideFlags, guideRemovals } from './guide-files.ts';
import { runCommand } from './run-command.ts';
import { type ServedPackages, servePackages } from './serve-packages.ts';

const guide = readSourceTree().get('docs/guides/write-a-connector.md') ?? '';
const packages = inject('packedPackages');

// As a user does it: from an empty folder, with what would be published and what npm has, and nothing of this repository.
describe('a connector that is created with the packed packages', () => {
  let folder: string;
  let project: string;
  let served: ServedPackages;
  let said: string;
  const environment = (): NodeJS.ProcessEnv => ({
    ...plainEnvironment(),
    npm_config_globalconfig: join(folder, 'npmrc'),
    npm_config_prefer_offline: 'true',
  });
  const npm = (...args: readonly string[]): Promise<string> => runCommand('npm', args, { cwd: project, env: environment() });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-created-'));
    served = await servePackages(packages, folder);
    writeFileSync(join(folder, 'npmrc'), `@patchbay:registry=${served.address}\naudit=false\nfund=false\n`);
    const [tool, empty] = [join(folder, 'tool'), join(folder, 'empty')];
    for (const place of [tool, empty]) mkdirSync(place);
    writeFileSync(join(tool, 'package.json'), '{ "private": true }\n');
    // npm create keeps what it has fetched by name and version, which would be the build of another day.
    await runCommand('npm', ['install', '--no-package-lock', '@patchbay/create-connector'], { cwd: tool, env: environment() });
    const program = join(tool, 'node_modules/.bin/create-connector');
    said = await runCommand(process.execPath, [program, ...guideFlags(guide)], { cwd: empty, env: environment() });
    project = join(empty, 'patchbay-connector-tasks');
  });
  afterAll(async () => {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is written, installed, checked and tested by the one command', () => {
    expect(said).toContain('It is green.');
    expect(said).toMatch(/Tests .*\d+ passed/);
    expect(said).not.toContain('failed');
  });

  it('passes its conformance test when the guide was followed, and is packed with what it exports and nothing of its tests', async () => {
    for (const path of guideRemovals(guide)) rmSync(join(project, path));
    for (const { path, text } of guideFiles(guide)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    await expect(npm('run', 'typecheck')).resolves.toBeTypeOf('string');
    const { passed, others } = await testEnds();
    expect(others).toEqual([]);
    expect(passed).toBeGreaterThan(70);
    await npm('run', 'build');
    const [{ files }]: readonly [{ readonly files: readonly { readonly path: string }[] }] = JSON.parse(
      await npm('pack', '--dry-run', '--json', '--ignore-scripts'),
    );
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.d.ts', 'dist/index.js', 'package.json']));
    expect(paths.filter((path) => /test|__fixtures__/.test(path))).toEqual([]);
    const program = "const { tasks } = await import('patchbay-connector-tasks'); console.log(tasks().manifest.actions.length);";
    expect(await runCommand(process.execPath, ['--input-type=module', '--eval', program], { cwd: project })).toBe('2\n');
  });

  /** How many tests passed, and which neither passed nor do not apply. */
  async function testEnds(): Promise<{ readonly passed: number; readonly others: readonly string[] }> {
    const report = join(folder, 'report.json');
    await npm('test', '--', '--reporter=json', `--outputFile=${report}`);
    const { numPassedTests, testResults }: Report = JSON.parse(readFileSync(report, 'utf8'));
    const others = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status, ancestorTitles }) => status !== 'passed' && ancestorTitles.at(-1) !== 'does not apply');
    return { passed: numPassedTests, others: others.map(({ title }) => title) };
  }
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

it('a guide names its files before their blocks, its flags, what goes, and quotes the rest', () => {
  const text =
    'Text.\n\n`a.json`: why,\nin two lines.\n\n```json\n{}\n```\n\n```typescript\nno name\n```\n\n`src/b.ts`:\n\n```typescript\nlet b;\n```\n\n```sh\npnpm create @patchbay/connector --id b --webhooks\nrm src/c.ts src/d.ts\n```\n';
  expect(guideFiles(text)).toEqual([
    { path: 'a.json', text: '{}\n' },
    { path: 'src/b.ts', text: 'let b;\n' },
  ]);
  expect(guideFlags(text)).toEqual(['--id', 'b', '--webhooks']);
  expect(() => guideFlags('')).toThrow('pnpm create');
  expect(guideRemovals(text)).toEqual(['src/c.ts', 'src/d.ts']);
  expect(guideExcerpts(text)).toEqual(['no name\n']);
});
