import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageEntry } from './package-entry.ts';
import { packageRefused } from './package-refused.ts';

/** A package that may hold a connector. */
export interface ConnectorPackage {
  readonly name: string;
  /** The module that the package's name stands for; `undefined` where its package.json names none inside the package. */
  readonly entry: URL | undefined;
  /** The export that `"patchbay": { "connector": … }` of its package.json names; `undefined` where it has no such field. */
  readonly exportName: string | undefined;
}

/** Reads the package in a folder; `undefined` where there is no package.json. Throws `connector_invalid` for one that says nonsense. */
export async function readConnectorPackage(folder: string): Promise<ConnectorPackage | undefined> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return undefined;
  const name = typeof manifest['name'] === 'string' ? manifest['name'] : folder;
  const inside = pathToFileURL(join(folder, '/'));
  const target = packageEntry(manifest);
  const entry = target === undefined ? undefined : new URL(target, inside);
  const exportName = exportNameOf(name, manifest['patchbay']);
  return { name, entry: entry?.href.startsWith(inside.href) ? entry : undefined, exportName };
}

async function readManifest(folder: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? { ...manifest } : {};
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw packageRefused({ name: folder, fault: 'its package.json is not readable JSON', remedy: 'Correct the file.', cause });
  }
}

function exportNameOf(name: string, field: unknown): string | undefined {
  if (field === undefined) return undefined;
  const connector = typeof field === 'object' && field !== null && 'connector' in field ? field.connector : undefined;
  if (typeof connector === 'string' && connector !== '') return connector;
  const fault = 'the field patchbay of its package.json does not name an export';
  throw packageRefused({ name, fault, remedy: 'Write "patchbay": { "connector": "nameOfTheExport" }.' });
}
