import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ConnectorPlan, idFault, nameFault, originFault } from './connector-plan.ts';
import { templateFiles } from './template-files.ts';

/** What in a folder does not matter: somebody began a repository there. */
const passedOver = new Set(['.git', '.DS_Store']);

/** What speaks against writing into a folder, and what to do; `undefined` where nothing does. */
export function folderFault(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory())
    return `There is a file at ${folder}, and nothing was written. Name a folder: --directory my-folder.`;
  if (readdirSync(folder).every((name) => passedOver.has(name))) return undefined;
  return `The folder ${folder} is not empty, and nothing was written. Name another: --directory my-folder.`;
}

/** Writes the package of a connector into an empty folder, and gives the paths of its files. Throws with what to do where it cannot. */
export function writeConnector(folder: string, plan: ConnectorPlan): readonly string[] {
  const fault = idFault(plan.id) ?? nameFault(plan.name) ?? originFault(plan.origin) ?? folderFault(folder);
  if (fault !== undefined) throw new Error(fault);
  return templateFiles(plan).map(({ path, text }) => {
    writeText(join(folder, path), text);
    return path;
  });
}

function writeText(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The file ${file} cannot be written: ${reason}. Name a folder that can be written to: --directory my-folder.`);
  }
}
