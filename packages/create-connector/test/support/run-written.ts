import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

/** What the compiler of this repository finds fault with in a package that was written, by its own settings. Empty where there is nothing. */
export async function typeFaults(folder: string): Promise<string> {
  const compilerOptions = {
    paths: {
      '@patchbay/core/*': [`${root}/packages/core/src/*.ts`],
      '@patchbay/*': [`${root}/packages/*/src/index.ts`],
    },
  };
  const config = join(folder, 'tsconfig.here.json');
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', compilerOptions }));
  const { code, output } = await run([require.resolve('typescript/package.json').replace('package.json', 'bin/tsc'), '-p', config], folder);
  return code === 0 ? '' : output;
}

/** Runs the tests of a package that was written, and counts them. */
export async function runTests(folder: string): Promise<{ readonly passed: number; readonly failed: number; readonly output: string }> {
  const program = require.resolve('vitest/package.json').replace('package.json', 'vitest.mjs');
  const config = fileURLToPath(new URL('written.vitest.config.ts', import.meta.url));
  const report = join(folder, 'report.json');
  const { code, output } = await run(
    [program, 'run', '--root', folder, '--config', config, '--reporter=json', `--outputFile=${report}`],
    folder,
  );
  const text = existsSync(report) ? readFileSync(report, 'utf8') : '{}';
  const { numPassedTests = 0, numFailedTests = 0 }: { numPassedTests?: number; numFailedTests?: number } = JSON.parse(text);
  return { passed: numPassedTests, failed: code === 0 ? 0 : Math.max(1, numFailedTests), output: text + output };
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
