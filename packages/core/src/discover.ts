import type { Connector } from './connector/connector-definition.ts';
import { connectorOfModule } from './connector/discovery/connector-of-module.ts';
import { type ConnectorPackage, readConnectorPackage } from './connector/discovery/connector-package.ts';
import { listSubfolders, locatePackage, resolutionBase } from './connector/discovery/locate-packages.ts';
import { packageRefused } from './connector/discovery/package-refused.ts';
import { isPatchbayError, PatchbayError } from './errors/patchbay-error.ts';

/** What {@link discoverConnectors} looks for. What it finds is imported and run: name only packages and folders that you trust. */
export interface DiscoverOptions {
  /** Names of installed packages. @default none */
  readonly packages?: readonly string[];
  /** Folders whose sub-folders are looked through for a package.json with a `patchbay` field; others are passed over. @default none */
  readonly folders?: readonly string[];
  /** Where names and relative folders are resolved from, usually `import.meta.url`; an absolute path or a `file:` URL. */
  readonly from: string | URL;
  /** What a package's factory is called with, by package name. A name that is not found is an error. @default nothing */
  readonly options?: Readonly<Record<string, unknown>>;
  /** `throw` at the first package that gives no connector, or `collect` them in `refused`. @default 'throw' */
  readonly onRefused?: 'throw' | 'collect';
}

/** A package or folder that gave no connector, and why. */
export interface RefusedPackage {
  readonly name: string;
  readonly error: PatchbayError;
}

/** What was discovered: packages in the given order, then folders, their sub-folders by name. */
export interface Discovery {
  readonly connectors: readonly Connector[];
  /** Empty unless refused ones are collected. */
  readonly refused: readonly RefusedPackage[];
}

/** A package that was found, or why it was not. */
type Finding = { readonly name: string; readonly package: ConnectorPackage } | RefusedPackage;

/**
 * Imports connectors by package name and from folders, at run time: for processes that are not bundled. A package exports a
 * connector, or a function that returns one (perhaps by promise), and names it by `"patchbay": { "connector": "github" }` in its
 * package.json; without that field its single connector, or else its single function, is taken. Throws a {@link PatchbayError}
 * that names the package.
 */
export async function discoverConnectors(request: DiscoverOptions): Promise<Discovery> {
  const { folders = [], options = {}, packages = [] } = request;
  const base = await resolutionBase(request.from);
  const named = await Promise.all([...new Set(packages)].map((name) => findPackage(name, base)));
  const nested = await Promise.all(folders.map((folder) => findInFolder(folder, base)));
  const findings = [...named, ...nested].flat();
  refuseStrayOptions(options, findings);
  const connectors: Connector[] = [];
  const refused: RefusedPackage[] = [];
  for (const finding of findings) {
    const loaded = 'package' in finding ? await load(finding.package, options) : finding;
    if ('manifest' in loaded) connectors.push(loaded);
    else if (request.onRefused === 'collect') refused.push(loaded);
    else throw loaded.error;
  }
  return { connectors, refused };
}

function findPackage(name: string, base: string): Promise<readonly Finding[]> {
  return find(name, async () => {
    const found = await readConnectorPackage(locatePackage(name, base));
    if (found === undefined) throw packageRefused({ name, fault: 'it has no package.json', remedy: 'Install it again.' });
    return found;
  });
}

async function findInFolder(folder: string, base: string): Promise<readonly Finding[]> {
  try {
    const paths = await listSubfolders(folder, base);
    const declared = async (path: string): Promise<ConnectorPackage | undefined> => {
      const found = await readConnectorPackage(path);
      return found?.exportName === undefined ? undefined : found;
    };
    return (await Promise.all(paths.map((path) => find(path, () => declared(path))))).flat();
  } catch (cause) {
    return [refuse(folder, cause)];
  }
}

async function find(name: string, read: () => Promise<ConnectorPackage | undefined>): Promise<readonly Finding[]> {
  try {
    const found = await read();
    return found === undefined ? [] : [{ name: found.name, package: found }];
  } catch (cause) {
    return [refuse(name, cause)];
  }
}

async function load(
  { name, entry, exportName }: ConnectorPackage,
  options: Readonly<Record<string, unknown>>,
): Promise<Connector | RefusedPackage> {
  try {
    if (entry === undefined) {
      throw packageRefused({ name, fault: 'its package.json names no entry inside the package', remedy: 'Give it exports for import.' });
    }
    const exports: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ entry.href);
    const handed = Object.hasOwn(options, name) ? ([options[name]] as const) : ([] as const);
    return await connectorOfModule({ name, exports: { ...Object(exports) }, exportName, options: handed });
  } catch (cause) {
    return refuse(name, cause);
  }
}

function refuseStrayOptions(options: Readonly<Record<string, unknown>>, findings: readonly Finding[]): void {
  const stray = Object.keys(options).filter((name) => !findings.some((finding) => finding.name === name));
  if (stray.length === 0) return;
  const message = `There are options for ${stray.join(', ')}, which is not among what was found. Correct the name or leave them out.`;
  throw new PatchbayError({ code: 'invalid_argument', message });
}

function refuse(name: string, cause: unknown): RefusedPackage {
  const fault = 'it cannot be loaded';
  return { name, error: isPatchbayError(cause) ? cause : packageRefused({ name, fault, remedy: 'Look at the cause.', cause }) };
}
