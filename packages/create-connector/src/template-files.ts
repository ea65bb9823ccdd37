import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectorPlan } from './connector-plan.ts';
import { fillTemplate } from './fill-template.ts';

/** A file of the package that is written. */
export interface WrittenFile {
  /** With slashes, below the package's folder. */
  readonly path: string;
  readonly text: string;
}

// Both dist and src stand beside the template.
const root = fileURLToPath(new URL('../', import.meta.url));

/** The files of a connector by a plan, by path. */
export function templateFiles(plan: ConnectorPlan): readonly WrittenFile[] {
  const found = new Map<string, string>();
  const add = (folder: string): void => {
    for (const path of filesBelow(folder)) found.set(path, readFileSync(join(folder, path), 'utf8'));
  };
  add(join(root, 'template'));
  // The template itself is the one with OAuth.
  if (plan.auth !== 'oauth2') add(join(root, 'variants', plan.auth.replace('_', '-')));
  const words = new Set([...found.values()].flatMap((text) => text.match(/\w+/g) ?? []));
  const isLeftOut = (path: string): boolean =>
    (!plan.webhooks && /\/(webhook|note-created)\.ts$/.test(path)) || (!plan.polling && path.endsWith('/note-changed.ts'));
  return [...found]
    .filter(([path]) => !isLeftOut(path))
    .map(([path, text]) => ({ path: pathFor(path, plan), text: fillTemplate(text, plan, (word) => words.has(word)) }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** npm leaves a file out that is called .gitignore, and takes one that is called package.json for a package's own. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'manifest.json': 'package.json' };

const pathFor = (path: string, { id }: ConnectorPlan): string => renamed[path] ?? path.replaceAll('acme-notes', id);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path));
}
