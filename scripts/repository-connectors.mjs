// The connectors of packages/, as they were last built: a connector package exports functions that make its connectors, and nothing else.
import { readdirSync } from 'node:fs';

const packages = new URL('../packages/', import.meta.url);

/** Every connector of this repository, those that stand in one package with others included. */
export async function repositoryConnectors() {
  const folders = readdirSync(packages).filter((name) => name.startsWith('connector-'));
  const modules = await Promise.all(folders.map((name) => import(new URL(`${name}/dist/index.js`, packages).href)));
  return modules.flatMap((exported) => Object.values(exported).map((make) => make()));
}
