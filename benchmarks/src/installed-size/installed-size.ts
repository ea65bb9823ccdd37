// Prints what installing core, and core with one connector, puts on a disk: the packages as npm packs them, and all that they depend on.
// usage: npm run exec -- node benchmarks/src/installed-size/installed-size.ts
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const packed = z.tuple([z.object({ unpackedSize: z.number() })]);
const manifest = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));
const isOurs = (folder: string): boolean => folder.startsWith(packages);
const read = (folder: string) => manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

/** The folder of a package as another one finds it. */
function folderOf(name: string, from: string): string {
  for (const place of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    const folder = join(place, name);
    if (existsSync(join(folder, 'package.json'))) return realpathSync(folder);
  }
  throw new Error(`${name} is not installed for ${from}.`);
}

/** The package with everything below it that is installed in production: dependencies, and peers that a host adds. */
function treeOf(folder: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(folder)) return seen;
  seen.add(folder);
  const { dependencies, peerDependencies } = read(folder);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) treeOf(folderOf(name, folder), seen);
  return seen;
}

function bytesOf(folder: string): number {
  if (isOurs(folder)) {
    const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    return packed.parse(JSON.parse(told))[0].unpackedSize;
  }
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.slice(folder.length).includes('node_modules'))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(2).padStart(8);

for (const name of ['core', ...readdirSync(packages).filter((each) => each.startsWith('connector-'))]) {
  const sizes = [...treeOf(realpathSync(join(packages, name)))].map((folder) => [read(folder).name, bytesOf(folder)] as const);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  const own = sizes.filter(([each]) => each.startsWith('@patchbay/')).reduce((sum, [, bytes]) => sum + bytes, 0);
  const largest = sizes.toSorted(([, one], [, other]) => other - one).slice(0, 5);
  console.log(`${name.padEnd(20)}${megabytes(total)} MB in ${sizes.length} packages, ours ${megabytes(own).trim()} MB`);
  console.log(`  largest: ${largest.map(([each, bytes]) => `${each} ${megabytes(bytes).trim()}`).join(', ')}`);
}
