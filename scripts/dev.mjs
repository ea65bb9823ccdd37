// The one entry behind `npm run <task>`: prepares the toolchain and the dependencies, then runs the task.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.mjs';
import { ensureToolchain, root } from './toolchain.mjs';

const [task = '', ...rest] = process.argv.slice(2);
const started = performance.now();
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const report = (line) => console.error(`[dev] ${line}`);

let toolchain;
const failed = [];

// Only the task's own program writes to stdout, so that `--json` and the like can be piped.
const toStderr = ['ignore', 2, 2];
const toStdout = ['ignore', 'inherit', 'inherit'];

function run(name, command, args, { stdio = toStdout, env = {} } = {}) {
  const since = performance.now();
  const result = spawnSync(command, args, { cwd: root, env: { ...toolchain.env, ...env }, stdio });
  if (result.error) throw result.error;
  const status = result.status ?? 1;
  report(`${name}: ${seconds(since)}${status === 0 ? '' : ` (exit ${status})`}`);
  return status;
}

/** Stops the whole task when the step fails. */
function must(...step) {
  const status = run(...step);
  if (status !== 0) process.exit(status);
}

/** Like `must`, for what only prepares: its output is shown when it fails. */
async function mustQuietly(name, command, args) {
  const status = await runQuietly({ name, command, args, cwd: root, env: toolchain.env, report });
  if (status !== 0) process.exit(status);
}

/** Goes on when the step fails, so that one run shows everything that is wrong; the task still fails at its end. */
function also(name, ...step) {
  if (run(name, ...step) !== 0) failed.push(name);
}

const script = (file, args = []) => [toolchain.node, [join(root, file), ...args]];
const turbo = (...args) => script('node_modules/turbo/bin/turbo', ['run', ...args]);
// One program for all packages: each of them alone would check the sources of those below it once more.
const tsc = () => script('node_modules/typescript/bin/tsc', ['--noEmit', '-p', join(root, 'tsconfig.json')]);
const biome = (...args) => script('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.', ...args]);
const knip = () => script('node_modules/knip/bin/knip.js', ['--no-progress', '--no-config-hints']);
const vitest = (...args) => script('node_modules/vitest/vitest.mjs', ['run', ...args]);

const installStep = () => [
  'install',
  toolchain.node,
  [toolchain.pnpm, 'install', '--frozen-lockfile', '--trust-lockfile', '--prefer-offline', '--reporter=append-only'],
];
const buildStep = (...filters) => ['build', ...turbo('build', ...filters)];

const build = (...filters) => must(...buildStep(...filters), { stdio: toStderr });

// Whoever starts it wants to see the hub at work, not how it was built.
const isShow = ['quickstart', 'connect', 'webhooks', 'records', 'search', 'own-connector'].includes(task);

const staticChecks = () => {
  also('typecheck', ...tsc());
  also('lint', ...biome());
  also('unused', ...knip());
};

// A part of the tests cannot reach the coverage floors, so a filter turns them off.
const allTests = (env = {}) => {
  const results = '.results/vitest.json';
  rmSync(join(root, results), { force: true });
  const whole = rest.length === 0 ? ['--coverage'] : [];
  also('tests', ...vitest('--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...whole, ...rest), { env });
};

const tasks = {
  setup: () => {},
  build: () => build(...rest),
  typecheck: () => also('typecheck', ...(rest.length === 0 ? tsc() : turbo('typecheck', '--continue', ...rest))),
  lint: () => also('lint', ...biome(...rest)),
  test: () => {
    build();
    staticChecks();
    allTests();
  },
  check: () => {
    build();
    staticChecks();
    also('checks', ...vitest('--project', 'architecture', '--project', 'packaging', ...rest));
  },
  api: () => {
    build();
    also('api', ...vitest('--project', 'packaging', 'public-api', ...rest), { env: { PATCHBAY_UPDATE_API: '1' } });
  },
  quickstart: async () => {
    await mustQuietly(...buildStep('--filter=@patchbay-examples/quickstart...'));
    must('quickstart', ...script('examples/quickstart/src/main.ts', rest));
  },
  connect: async () => {
    await mustQuietly(...buildStep('--filter=@patchbay-examples/connect...'));
    must('connect', ...script('examples/connect/src/main.ts', rest));
  },
  webhooks: async () => {
    await mustQuietly(...buildStep('--filter=@patchbay-examples/webhooks...'));
    must('webhooks', ...script('examples/webhooks/src/main.ts', rest));
  },
  records: async () => {
    await mustQuietly(...buildStep('--filter=@patchbay-examples/records...'));
    must('records', ...script('examples/records/src/main.ts', rest));
  },
  search: async () => {
    await mustQuietly(...buildStep('--filter=@patchbay-examples/search...'));
    must('search', ...script('examples/search/src/main.ts', rest));
  },
  'own-connector': async () => {
    await mustQuietly(...buildStep('--filter=@patchbay-examples/own-connector...'));
    must('own-connector', ...script('examples/own-connector/src/main.ts', rest));
  },
  bench: () => {
    build('--filter=@patchbay/benchmarks...');
    also('bench', ...script('benchmarks/src/main.ts', rest));
  },
  mutants: () => also('mutants', ...script('scripts/mutants.mjs', rest)),
  nightly: () => {
    also('lockfile policy', toolchain.node, [toolchain.pnpm, 'install', '--frozen-lockfile', '--reporter=append-only']);
    build();
    staticChecks();
    allTests({ PATCHBAY_NIGHTLY: '1' });
    also('mutants', ...script('scripts/mutants.mjs'));
  },
  exec: () => {
    const [command, ...args] = rest;
    if (command === undefined) throw new Error('Say what to run: npm run exec -- pnpm why zod');
    if (command === 'pnpm') must('exec', toolchain.node, [toolchain.pnpm, ...args]);
    else must('exec', command, args);
  },
};

if (!Object.hasOwn(tasks, task)) {
  console.error(`tasks: ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
try {
  toolchain = ensureToolchain();
  report(`toolchain: ${seconds(started)}`);
  if (isShow) await mustQuietly(...installStep());
  else must(...installStep(), { stdio: toStderr });
  await tasks[task]();
} catch (error) {
  console.error(`[dev] ${error.message}`);
  process.exit(1);
}
if (failed.length > 0) {
  report(`${task} failed after ${seconds(started)}: ${failed.join(', ')}`);
  process.exit(1);
}
report(`${task} done in ${seconds(started)}`);
