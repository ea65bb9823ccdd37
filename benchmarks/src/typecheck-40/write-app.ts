import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemasAlone } from '../../baselines/typecheck-40/schemas-alone.ts';
import { untypedApp } from '../../baselines/typecheck-40/untyped-app.ts';
import type { AppModel } from './app-model.ts';
import { connectorSource } from './connector-source.ts';
import { faultyModules, type Modules, typedApp } from './typed-app.ts';

/** Folders of generated projects, each with a tsconfig.json. */
export interface WrittenApps {
  readonly typed: string;
  readonly untyped: string;
  /** No type of ours at all. */
  readonly schemasAlone: string;
  /** The typed hub with modules that must not compile. */
  readonly faulty: string;
  readonly faultyFiles: readonly string[];
  readonly remove: () => Promise<void>;
}

// Inside this package, so that @patchbay/core and zod are found as they are by any host.
const cache = fileURLToPath(new URL('../../.cache', import.meta.url));

const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2023'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
};

async function writeProject(folder: string, modules: Modules): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  for (const [file, source] of modules) await writeFile(join(folder, file), source);
  return folder;
}

/** Writes both apps and the negative control into a new folder of the package's cache. */
export async function writeApps(model: AppModel): Promise<WrittenApps> {
  await mkdir(cache, { recursive: true });
  const root = await mkdtemp(join(cache, 'typecheck-40-'));
  await writeFile(join(root, 'package.json'), '{"private":true,"type":"module"}\n');
  const connectors = new Map(model.connectors.map((connector) => [`${connector.id}.ts`, connectorSource(connector)]));
  await writeProject(join(root, 'connectors'), connectors);
  const [automation] = model.automations;
  if (automation === undefined) throw new RangeError('The app has no automation.');
  const typed = typedApp(model);
  const faults = faultyModules(automation);
  const hub = new Map([...typed].filter(([file]) => file === 'hub.ts'));
  return {
    typed: await writeProject(join(root, 'typed'), typed),
    untyped: await writeProject(join(root, 'untyped'), untypedApp(model)),
    schemasAlone: await writeProject(join(root, 'schemas-alone'), schemasAlone(model)),
    faulty: await writeProject(join(root, 'faulty'), new Map([...hub, ...faults])),
    faultyFiles: [...faults.keys()],
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
