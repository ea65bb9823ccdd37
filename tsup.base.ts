import { readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

// Each entry of the manifest's exports is one file of the same name in src; the build runs in the package's folder.
const { exports }: { exports: Record<string, unknown> } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.keys(exports).filter((path) => !path.endsWith('.json'));

/** How every package is built. `programs` are files in src that are started by their path and not imported. */
export const packageBuild = (programs: readonly string[] = []): Options => ({
  entry: [...entries.map((path) => `src/${path === '.' ? 'index' : path.slice(2)}.ts`), ...programs.map((name) => `src/${name}.ts`)],
  format: ['esm'],
  platform: 'node',
  target: 'node22',
  dts: false,
  sourcemap: true,
  clean: true,
  // Entries of one package share code; without splitting, each would carry its own copy.
  splitting: true,
  treeshake: false,
  silent: true,
});

export default defineConfig(packageBuild());
