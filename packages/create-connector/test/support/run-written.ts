import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ownFolder = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const root = dirname(dirname(ownFolder));
const require = createRequire(import.meta.url);
const scratch = join(ownFolder, '.cache');

/** A folder below this package, so that what is written finds the packages of this repository, and that git does not see. */
export function makeFolder(): { readonly folder: string; readonly remove: () => void } {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, 'written-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What the compiler of this repository finds fault with in the packages below a folder, by the settings of the one that is named. Empty where there is nothing. */
export async function typeFaults(folder: string, named: string): Promise<string> {
  const compilerOptions = {
    paths: {
      '@patchbay/core/*': [`${root}/packages/core/src/*.ts`],
      '@patchbay/*': [`${root}/packages/*/src/index.ts`],
    },
  };
  const config = join(folder, 'tsconfig.here.json');
  writeFileSync(config, JSON.stringify({ extends: `./${named}/tsconfig.json`, compilerOptions, include: ['*/src', '*/*.ts'] }));
  const { code, output } = await run([require.resolve('typescript/package.json').replace('package.json', 'bin/tsc'), '-p', config], folder);
  return code === 0 ? '' : output;
}

/** How the tests of a package ended. */
export interface Ends {
  readonly passed: number;
  readonly failed: readonly string[];
}

/** Runs the tests of all packages below a folder at once, and counts them by package. */
export async function runTests(folder: string): Promise<{ readonly ends: ReadonlyMap<string, Ends>; readonly output: string }> {
  const program = require.resolve('vitest/package.json').replace('package.json', 'vitest.mjs');
  const config = fileURLToPath(new URL('written.vitest.config.ts', import.meta.url));
  const report = join(folder, 'report.json');
  const { output } = await run([program, 'run', '--root', folder, '--config', config, '--reporter=json', `--outputFile=${report}`], folder);
  const { testResults = [] }: Report = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const ends = testResults.map(({ name, message = '', assertionResults }): readonly [string, Ends] => {
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
    const passed = assertionResults.filter(({ status }) => status === 'passed').length;
    return [relative(folder, name).split('/')[0] ?? '', { passed, failed: message === '' ? failed : [message, ...failed] }];
  });
  return { ends: new Map(ends), output };
}

/** What is read of a report of vitest's. */
interface Report {
  readonly testResults?: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A child that hangs is ended after three minutes, and what this run of vitest put into the environment is kept from it. */
function run(args: readonly string[], folder: string): Promise<{ readonly code: number; readonly output: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|TEST$)/.test(name)));
  const settings = { cwd: folder, env, timeout: 180_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], settings, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: `${stdout}\n${stderr}${error?.message ?? ''}` }),
    );
  });
}
