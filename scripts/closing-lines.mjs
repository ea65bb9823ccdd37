// Prints the test runner's closing lines from its log, then the counts of its own result file: `N passed, N failed`.
// usage: node scripts/closing-lines.mjs LOG RESULTS; exits with 1 if anything failed or no result was written.
import { existsSync, readFileSync } from 'node:fs';

const [log, results] = process.argv.slice(2);
const lines = readFileSync(log, 'utf8').split('\n');
const from = lines.findLastIndex((line) => /^ *Test Files {2}/.test(line));
if (from !== -1) {
  const to = lines.findIndex((line, index) => index >= from && /^ *Duration {2}/.test(line));
  console.log(lines.slice(from, to === -1 ? from + 2 : to + 1).join('\n'));
}
if (!existsSync(results)) {
  console.log('The test runner wrote no results: see the lines above for what failed before it.');
  process.exit(1);
}
const { success, numPassedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(results, 'utf8'));
const failedTests = testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === 'failed').length;
// A file that cannot be loaded has no tests to count; it counts as one failure.
const failedFiles = testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
);
for (const file of failedFiles) console.log(`failed to run: ${file.name}`);
const failed = failedTests + failedFiles.length;
const skipped = numPendingTests + numTodoTests;
if (!success && failed === 0) console.log('No test failed, but the test runner reports errors: see above.');
console.log(`${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(success && failed === 0 ? 0 : 1);
