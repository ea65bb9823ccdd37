import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Defect, defects, sampleSubject } from './__fixtures__/sample-connector.ts';
import { describeConnector } from './describe-connector.ts';

// A sound connector passes.
describeConnector(sampleSubject());

/** The titles that fail for each defect, as a run of its own reports them. */
function failures(): ReadonlyMap<string, readonly string[]> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const config = fileURLToPath(new URL('./__fixtures__/defective-samples.config.ts', import.meta.url));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST') && name !== 'NODE_OPTIONS'));
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-samples-'));
  const report = join(folder, 'report.json');
  const { stderr } = spawnSync(process.execPath, [vitest, 'run', '--config', config, '--reporter=json', `--outputFile=${report}`], {
    env,
    encoding: 'utf8',
  });
  const { testResults } = readReport(report, stderr);
  rmSync(folder, { recursive: true });
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = (defect: string) =>
    results.filter(({ ancestorTitles, status }) => ancestorTitles[0] === defect && status === 'failed').map(({ title }) => title);
  return new Map(defects.map((defect) => [defect, failed(defect)]));
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string; readonly status: string }[];
  }[];
}

function readReport(file: string, complaint: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`The samples did not run: ${complaint}`, { cause });
  }
}

const expected: Readonly<Record<Defect, readonly string[]>> = {
  accepts_any_input: ['refuses wrong input before anything is sent'],
  creates_twice: ['makes one change at the service'],
  refuses_a_repeat: ['succeeds when it is repeated after a lost answer'],
  never_finds: [
    'is found, and not done a second time',
    'is found with the very output that the lost answer would have given',
    'is not taken for absent where the look itself fails',
  ],
  finds_anything: ['is not confused with the same call of another dispatch'],
  forgets_the_key: [
    'is found, and not done a second time',
    'is found with the very output that the lost answer would have given',
    'carries the key to the service',
  ],
  takes_failure_for_absence: ['is not taken for absent where the look itself fails'],
  takes_a_limit_for_final: [
    'waits as long as a rate limit in seconds asks for',
    'waits until the date that a rate limit names',
    'takes a rate limit that names no time for one',
  ],
  takes_500_for_nothing_done: ['does not know what a 500 did'],
  shuts_its_payload: ['lists payloads that keep fields the connector does not know'],
  reads_the_id_elsewhere: [
    'is let in and makes the event thing.created, whose payload its schema accepts',
    'is let in with the old and the new secret while a secret is changed',
    'carries an id that stays the same when it is sent again',
  ],
  emits_what_it_does_not_declare: [
    'is let in and makes the event thing.created, whose payload its schema accepts',
    'is let in with the old and the new secret while a secret is changed',
    'carries an id that stays the same when it is sent again',
  ],
  names_no_account: ['names the account'],
  is_healthy_whatever_comes: ['fails with a credential that the service refuses'],
};

describe('describeConnector with a defective connector', () => {
  it('fails exactly where the defect is', { timeout: 60_000 }, () => {
    expect(Object.fromEntries(failures())).toEqual(expected);
  });
});
