import type { Connector } from '../connector-definition.ts';
import { looksLikeConnector, readConnector } from '../read-connector.ts';
import { packageRefused } from './package-refused.ts';

/** The exports of a package and how to get its connector out of them. */
export interface LoadedPackage {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly exportName: string | undefined;
  /** What the factory is called with: nothing, or one value. */
  readonly options: readonly [] | readonly [unknown];
}

/**
 * The connector of a package: the export that is named, else the single connector among its exports, else what the single function
 * among them returns. Throws `connector_invalid` where that is not clear; no function is called to find out.
 */
export async function connectorOfModule(loaded: LoadedPackage): Promise<Connector> {
  const { name, options } = loaded;
  const [chosen, value] = chooseExport(loaded);
  if (typeof value !== 'function' && options.length > 0) {
    const fault = `its export ${chosen} is a finished connector and takes no options`;
    throw packageRefused({ name, fault, remedy: 'Leave its options out.' });
  }
  try {
    return readConnector(typeof value === 'function' ? await value(...options) : value);
  } catch (cause) {
    const fault = `its export ${chosen} gives no connector`;
    throw packageRefused({ name, fault, remedy: 'Look at the cause and at its options.', cause });
  }
}

function chooseExport({ name, exports, exportName }: LoadedPackage): readonly [name: string, value: unknown] {
  const remedy = 'Name the export in its package.json: "patchbay": { "connector": "nameOfTheExport" }.';
  if (exportName !== undefined) {
    if (Object.hasOwn(exports, exportName)) return [exportName, exports[exportName]];
    const there = Object.keys(exports).join(', ') || 'none';
    throw packageRefused({ name, fault: `its package.json names the export ${exportName}, and its exports are ${there}`, remedy });
  }
  // The same thing under two names, such as a default export, is one.
  const keys = new Map(Object.entries(exports).map(([key, value]) => [value, key]));
  const connectors = [...keys].filter(([value]) => looksLikeConnector(value));
  const candidates = connectors.length > 0 ? connectors : [...keys].filter(([value]) => typeof value === 'function');
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return [only[1], only[0]];
  const unclear = `it is not clear which of ${candidates.map(([, key]) => key).join(', ')} is the connector`;
  throw packageRefused({ name, fault: only === undefined ? 'none of its exports is a connector' : unclear, remedy });
}
