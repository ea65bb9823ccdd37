import { readdir, stat } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PatchbayError } from '../../errors/patchbay-error.ts';

// Names of packages, never paths: what is configured here is imported and run.
const nameShape = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** The folder of an installed package, as a module in `base` would find it. Throws `invalid_argument` for a name that is none, `not_found`. */
export function locatePackage(name: string, base: string): string {
  if (!nameShape.test(name)) {
    throw new PatchbayError({ code: 'invalid_argument', message: `${name} is not the name of a package. Pass paths through folders.` });
  }
  const missing = { code: 'not_found', message: `The package ${name} is not installed where ${base} can import it. Install it.` } as const;
  try {
    const manifest = findPackageJSON(name, pathToFileURL(join(base, 'connectors.mjs')));
    if (manifest !== undefined) return dirname(manifest);
  } catch (cause) {
    throw new PatchbayError({ ...missing, cause });
  }
  throw new PatchbayError(missing);
}

/** The sub-folders of a folder, by name; hidden ones and `node_modules` are left out. Throws `not_found`. */
export async function listSubfolders(folder: string, base: string): Promise<readonly string[]> {
  const path = resolve(base, folder);
  try {
    const names = await readdir(path);
    return names
      .filter((name) => !name.startsWith('.') && name !== 'node_modules')
      .toSorted()
      .map((name) => join(path, name));
  } catch (cause) {
    throw new PatchbayError({
      code: 'not_found',
      message: `The folder ${path} cannot be read. Create it or leave it out of folders.`,
      cause,
    });
  }
}

/** The folder that names are resolved from. Throws `invalid_argument` for what is no absolute path or `file:` URL. */
export async function resolutionBase(from: string | URL): Promise<string> {
  const text = String(from);
  const path = text.startsWith('file:') ? fileURLToPath(text) : text;
  if (!isAbsolute(path)) {
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'The option from is no absolute path and no file: URL. Pass import.meta.url.',
    });
  }
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => path.endsWith('/'),
  );
  return isFolder ? path : dirname(path);
}
