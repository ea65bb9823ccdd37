// Runs the named tests of every mutant in mutants.json with the mutant in place. A mutant that no test notices fails the task.
// usage: node scripts/mutants.mjs [part of a name ...]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const all = JSON.parse(readFileSync(join(root, 'scripts/mutants.json'), 'utf8'));
const wanted = process.argv.slice(2);
const mutants = wanted.length === 0 ? all : all.filter(({ name }) => wanted.some((part) => name.includes(part)));
if (wanted.length > 0 && mutants.length === 0) {
  console.error(`No mutant is called like ${wanted.join(', ')}. Known: ${all.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'patchbay-mutants-'));

function runTests({ project, filter }, name) {
  const results = join(folder, 'results.json');
  rmSync(results, { force: true });
  const args = ['run', '--project', project, '--reporter=json', `--outputFile.json=${results}`, filter];
  const { PATCHBAY_MUTANT: _, ...env } = process.env;
  const child = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: name === undefined ? env : { ...env, PATCHBAY_MUTANT: name },
  });
  const output = `${child.stdout}${child.stderr}`;
  try {
    const answer = JSON.parse(readFileSync(results, 'utf8'));
    return { green: child.status === 0, passed: answer.numPassedTests, failed: answer.numFailedTests, output };
  } catch {
    return { green: false, passed: 0, failed: 0, output };
  }
}

const green = new Map();
/** A mutant proves nothing unless its tests pass without it. */
function passesWithout(tests) {
  const key = JSON.stringify(tests);
  if (!green.has(key)) {
    const result = runTests(tests);
    green.set(key, result.green && result.passed > 0);
    if (!green.get(key)) console.error(result.output);
  }
  return green.get(key);
}

function judge(mutant) {
  if (!passesWithout(mutant.tests)) return 'BROKEN: its tests do not pass without it';
  const result = runTests(mutant.tests, mutant.name);
  if (result.failed > 0) return 'killed';
  if (result.green) return 'SURVIVED';
  console.error(result.output);
  return 'BROKEN: no test ran with it';
}

let bad = 0;
try {
  for (const mutant of mutants) {
    const since = performance.now();
    const verdict = judge(mutant);
    if (verdict !== 'killed') bad += 1;
    console.log(`${verdict.padEnd(8)} ${mutant.name} (${((performance.now() - since) / 1000).toFixed(1)} s)`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${mutants.length - bad} of ${mutants.length} mutants killed`);
process.exit(bad === 0 ? 0 : 1);
