import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a run reports of one test. */
export interface SampleResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly SampleResult[] }[];
}

/** What a run of its own reports on the defects in a file, `defective-samples.ts`, by their names. */
export function runSamples(file: string): (defect: string) => readonly SampleResult[] {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const config = fileURLToPath(new URL('./defective-samples.config.ts', import.meta.url));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST') && name !== 'NODE_OPTIONS'));
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-samples-'));
  const report = join(folder, 'report.json');
  const { stderr } = spawnSync(process.execPath, [vitest, 'run', '--config', config, '--reporter=json', `--outputFile=${report}`, file], {
    env,
    encoding: 'utf8',
  });
  const { testResults } = readReport(report, stderr);
  rmSync(folder, { recursive: true });
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return (defect) => results.filter(({ ancestorTitles }) => ancestorTitles[0] === defect);
}

function readReport(file: string, complaint: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`The samples did not run: ${complaint}`, { cause });
  }
}
