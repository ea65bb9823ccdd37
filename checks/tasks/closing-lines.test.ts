import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repositoryRoot } from '../architecture/source-tree.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-closing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = [
  '> test',
  ' Test Files  2 passed (2)',
  '      Tests  9 passed (9)',
  '   Start at  10:00:00',
  '   Duration  1.00s',
  '[dev] done',
].join('\n');
const file = (name: string, status: string, ...tests: string[]) => ({
  name,
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

function closing(results: object | undefined): { status: number | null; lines: string[] } {
  const [logFile, resultsFile] = [join(folder, 'test.log'), join(folder, 'results.json')];
  writeFileSync(logFile, log);
  if (results !== undefined) writeFileSync(resultsFile, JSON.stringify(results));
  const child = spawnSync(process.execPath, [join(repositoryRoot, 'scripts/closing-lines.mjs'), logFile, resultsFile], {
    encoding: 'utf8',
  });
  return { status: child.status, lines: child.stdout.trimEnd().split('\n') };
}

const green = { success: true, numPassedTests: 9, numPendingTests: 0, numTodoTests: 0, testResults: [file('a', 'passed', 'passed')] };

it("ends with the runner's closing lines and the counts of its results", () => {
  expect(closing(green)).toEqual({ status: 0, lines: [...log.split('\n').slice(1, 5), '9 passed, 0 failed'] });
});

it('tells what was skipped', () => {
  expect(closing({ ...green, numPendingTests: 2, numTodoTests: 1 }).lines.at(-1)).toBe('9 passed, 0 failed, 3 skipped');
});

it('counts failed tests, and a file that cannot be loaded as one', () => {
  const testResults = [file('a', 'failed', 'passed', 'failed', 'failed'), file('b', 'failed')];
  const { status, lines } = closing({ ...green, success: false, testResults });
  expect(status).toBe(1);
  expect(lines.slice(-2)).toEqual(['failed to run: b', '9 passed, 3 failed']);
});

it('fails when the runner reports errors outside of tests', () => {
  expect(closing({ ...green, success: false }).status).toBe(1);
});

it('gives no counts when there are no results', () => {
  const { status, lines } = closing(undefined);
  expect(status).toBe(1);
  expect(lines.filter((line) => /passed, /.test(line))).toEqual([]);
});
