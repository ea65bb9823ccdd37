import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type PublishablePackage, publishablePackages } from './publishable-packages.ts';
import { runCommand } from './run-command.ts';

/** A package and the archive that would be published. */
export interface PackedPackage extends PublishablePackage {
  readonly archive: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    packedPackages: readonly PackedPackage[];
  }
}

async function pack(entry: PublishablePackage, folder: string): Promise<PackedPackage> {
  if (!existsSync(join(entry.folder, 'dist/index.js'))) throw new Error(`${entry.name} is not built. Run npm run build, then this again.`);
  const { filename } = JSON.parse(await runCommand('pnpm', ['pack', '--json', '--pack-destination', folder], { cwd: entry.folder }));
  return { ...entry, archive: filename };
}

/** Packs every publishable package once for all tests of the project, as publishing would, into a folder that goes away afterwards. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-packed-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    project.provide('packedPackages', await Promise.all(publishablePackages().map((entry) => pack(entry, folder))));
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}
