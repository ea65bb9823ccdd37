import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../architecture/source-tree.ts';

/** A package that goes to the registry, with what its manifest says about how to import it. */
export interface PublishablePackage {
  readonly name: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  /** The specifiers under which code can be imported, such as `@patchbay/core/discover`. */
  readonly entries: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** Every package below packages/ that is not private, by name. */
export function publishablePackages(root: string = repositoryRoot): readonly PublishablePackage[] {
  const parent = join(root, 'packages');
  const folders = readdirSync(parent).filter((name) => existsSync(join(parent, name, 'package.json')));
  return folders.flatMap((folder) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(parent, folder, 'package.json'), 'utf8'));
    if (manifest.private === true) return [];
    const paths = Object.keys(manifest.exports ?? {}).filter((path) => !path.endsWith('.json'));
    return [{ name: manifest.name, folder: join(parent, folder), entries: paths.map((path) => manifest.name + path.slice(1)) }];
  });
}
