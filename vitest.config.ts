import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { mutantPlugin } from './scripts/mutant-plugin.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const mutant = process.env['PATCHBAY_MUTANT'];
const isNightly = process.env['PATCHBAY_NIGHTLY'] === '1';

// Tests read the sources of every package, so that they need no build and see a change at once.
const shared = {
  plugins: mutantPlugin(mutant),
  resolve: {
    alias: [
      { find: /^@patchbay\/([a-z0-9-]+)$/, replacement: `${root}packages/$1/src/index.ts` },
      { find: /^@patchbay\/([a-z0-9-]+)\/([a-z0-9-]+)$/, replacement: `${root}packages/$1/src/$2.ts` },
    ],
  },
};

// A transformed module is kept under its source's hash, which a mutant does not change: a mutant is neither kept nor taken from there.
const fsModuleCache = mutant === undefined || mutant === '';

const folders = (parent: string): string[] =>
  existsSync(`${root}${parent}`)
    ? readdirSync(`${root}${parent}`).filter((name) => existsSync(`${root}${parent}/${name}/package.json`))
    : [];

// A project that needs a server, such as PostgreSQL, says so by having this file.
const globalSetup = (folder: string): string[] => {
  const file = `${root}${folder}/test/support/postgres.ts`;
  return existsSync(file) ? [file] : [];
};

// A test that hangs is ended; how fast a busy machine is, is no test's result.
const patience = { testTimeout: 60_000, hookTimeout: 120_000 };

interface Tests {
  readonly include?: string[];
  readonly exclude?: string[];
  /** Each file has its modules for itself: for those that put others in their place. */
  readonly isolate?: boolean;
}

// Files of one worker share their modules: to load all of core anew for each of them took longer than their tests.
const project = (name: string, folder: string, tests: Tests = {}): TestProjectConfiguration => ({
  ...shared,
  test: {
    ...patience,
    name,
    fsModuleCache,
    root: `${root}${folder}`,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    isolate: false,
    globalSetup: globalSetup(folder),
    ...tests,
  },
});

// They put modules of core in the place of others.
const replacing = ['test/simulation/**/*.test.ts', 'test/webhooks/refusal-work.test.ts'];

// The checks read files, packed archives and other programs' answers; what they start may take a while on a busy machine.
const check = (name: string, globalSetup: string[] = []): TestProjectConfiguration => ({
  ...shared,
  test: {
    name,
    fsModuleCache,
    root: `${root}checks`,
    include: [`${name}/**/*.test.ts`],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    globalSetup,
  },
});

// What may differ from one PostgreSQL to another; the nightly run takes all of the package's tests.
const differing = ['conformance', 'maintenance', 'migrate', 'outbox', 'questions', 'server-version', 'wall', 'check-wall', 'wall-doors'];
const onOldest = isNightly ? ['test/**/*.test.ts'] : differing.map((name) => `test/${name}.test.ts`);

const core = 'packages/core/src';
const floors = {
  [`${core}/connector`]: 85,
  [`${core}/gateway`]: 90,
  [`${core}/oauth`]: 95,
  [`${core}/vault`]: 95,
  [`${core}/webhooks`]: 95,
};
const roomFloors = Object.entries(floors)
  .filter(([folder]) => existsSync(`${root}${folder}`))
  .map(([folder, lines]) => [`${folder}/**`, { lines }]);

export default defineConfig({
  test: {
    projects: [
      ...folders('packages').map((name) => project(name, `packages/${name}`, name === 'core-tests' ? { exclude: replacing } : {})),
      project('core-tests-isolated', 'packages/core-tests', { include: replacing, isolate: true }),
      // The oldest PostgreSQL that is promised; the project of the package's own name has the newest.
      project('storage-postgres-15', 'packages/storage-postgres', { include: onOldest }),
      ...folders('examples').map((name) => project(`example-${name}`, `examples/${name}`)),
      project('benchmarks', 'benchmarks'),
      check('architecture'),
      check('docs'),
      check('tasks'),
      check('packaging', [`${root}checks/packaging/packed-packages.ts`]),
    ],
    // Many tests wait for processes and servers that they have started, so that two cores carry more than two of them.
    maxWorkers: Math.max(4, availableParallelism()),
    passWithNoTests: false,
    fsModuleCache,
    coverage: {
      provider: 'custom',
      customProviderModule: './scripts/measured-coverage.ts',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts', '**/__fixtures__/**', 'packages/postgres-server/**', 'packages/storage-records/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 80, ...Object.fromEntries(roomFloors) },
    },
  },
});
