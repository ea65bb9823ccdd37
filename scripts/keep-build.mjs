// Keeps the worker of the fault tests as the packages of another commit make it, in one file with nothing but their dependencies outside.
// Old and new workers share one schema in a test, and a fresh clone has no older build: its history may be cut off, and nothing is published.
// Run it for the last commit before a migration: node scripts/keep-build.mjs COMMIT
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'tsup';

const root = fileURLToPath(new URL('..', import.meta.url));
const [commit] = process.argv.slice(2);
if (commit === undefined) {
  console.error('Say of which commit: node scripts/keep-build.mjs COMMIT');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'patchbay-kept-'));
const tree = join(folder, 'tree');

/** Packages come from the other commit, the worker's own program from here. */
const packagesOfTree = {
  name: 'packages-of-tree',
  setup(build) {
    build.onResolve({ filter: /^@patchbay\// }, ({ path }) => {
      const [, name, entry = 'index'] = /^@patchbay\/([a-z0-9-]+)(?:\/([a-z0-9-]+))?$/.exec(path) ?? [];
      const file = join(tree, `packages/${name}/src/${entry}.ts`);
      // The worker names each storage that it can have, and one may be younger than the commit.
      return existsSync(file) ? { path: file } : { path, namespace: 'missing' };
    });
    build.onResolve({ filter: /^[a-z@]/ }, ({ path }) => (path.startsWith('@patchbay/') ? undefined : { path, external: true }));
    build.onLoad({ filter: /.*/, namespace: 'missing' }, () => ({ contents: 'export const sqliteStorage = undefined;' }));
  },
};

/** How many migrations the other commit knows. */
function newestMigration() {
  const text = readFileSync(join(tree, 'packages/storage-postgres/src/schema/migrations.ts'), 'utf8');
  const list = /const migrations[^=]*= \[([^\]]*)\]/.exec(text)?.[1] ?? '';
  return list.split(',').filter((name) => name.trim() !== '').length;
}

try {
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', tree, commit], { cwd: root, stdio: 'inherit' });
  await build({
    entry: { worker: join(root, 'packages/fault-tests/test/program/worker.ts') },
    outDir: join(folder, 'out'),
    config: false,
    format: ['esm'],
    platform: 'node',
    target: 'node22',
    minify: true,
    splitting: false,
    dts: false,
    silent: true,
    outExtension: () => ({ js: '.mjs' }),
    noExternal: [/^@patchbay\//],
    esbuildPlugins: [packagesOfTree],
  });
  const fixtures = join(root, 'packages/fault-tests/__fixtures__');
  mkdirSync(fixtures, { recursive: true });
  const file = join(fixtures, `worker-of-migration-${newestMigration()}.mjs.gz`);
  writeFileSync(file, gzipSync(readFileSync(join(folder, 'out/worker.mjs')), { level: 9 }));
  console.log(file);
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', tree], { cwd: root, stdio: 'inherit' });
  rmSync(folder, { recursive: true, force: true });
}
