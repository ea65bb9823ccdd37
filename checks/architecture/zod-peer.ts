import type { SourceTree } from './source-tree.ts';

/** From this version on a schema of zod describes itself as JSON Schema, which manifests and the check of step inputs ask of it. */
const range = '^4.2.0';

interface Manifest {
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Published packages that bring a zod of their own, or let their importers have one that is too old. */
export function findZodFaults(tree: SourceTree): readonly string[] {
  return [...tree].flatMap(([path, text]) => {
    if (!/^packages\/[^/]+\/package\.json$/.test(path)) return [];
    const { private: isPrivate = false, dependencies = {}, peerDependencies = {} }: Manifest = JSON.parse(text);
    if (isPrivate) return [];
    const peer = peerDependencies['zod'];
    return [
      ...(dependencies['zod'] === undefined ? [] : [`${path}: zod is a dependency and not a peer`]),
      ...(peer === undefined || peer === range ? [] : [`${path}: zod ${peer} as a peer, and it is ${range} everywhere`]),
    ];
  });
}
