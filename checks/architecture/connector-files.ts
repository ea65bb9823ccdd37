import type { SourceTree } from './source-tree.ts';

/** What each connector package holds in its `src`, `<id>` being the connector's. */
const fixedFiles = (id: string): readonly string[] => [
  'index.ts',
  `${id}.ts`,
  `${id}-auth.ts`,
  `${id}-error.ts`,
  `${id}-resources.ts`,
  `${id}-schemas.ts`,
  'webhook.ts',
  'conformance.test.ts',
];
/**
 * What a connector has only where its webhooks are registered by the provider's API, where it enriches events, where it reads evidence of them, and
 * where it has so many actions and triggers that listing them would fill its wiring.
 */
const optionalFiles = (id: string): readonly string[] => [
  'subscriptions.ts',
  'enrichers.ts',
  'evidence.ts',
  `${id}-actions.ts`,
  `${id}-triggers.ts`,
];

const openFolders: Readonly<Record<string, RegExp>> = {
  'actions/<verb-noun>.ts': /^actions\/[a-z]+(-[a-z]+)+\.ts$/,
  'triggers/<noun-past>.ts': /^triggers\/[a-z]+(-[a-z]+)+\.ts$/,
  '__fixtures__/': /^__fixtures__\/.+$/,
};

/** Choices for inputs, documents for a search index, and forms of text that the service has for itself. */
const optionalFolders: readonly RegExp[] = [
  /^options\/[a-z]+(-[a-z]+)*\.ts$/,
  /^content\/[a-z]+(-[a-z]+)*\.ts$/,
  /^formats\/[a-z]+(-[a-z]+)*\.ts$/,
];

function faultsOf(folder: string, files: readonly string[]): readonly string[] {
  const id = folder.slice('packages/connector-'.length);
  const fixed = fixedFiles(id);
  const known = [...fixed, ...optionalFiles(id)];
  const patterns = [...Object.values(openFolders), ...optionalFolders];
  const allowed = (file: string): boolean => known.includes(file) || patterns.some((pattern) => pattern.test(file));
  const isBeside = (file: string): boolean => {
    const tested = file.replace(/\.test(-d)?\.ts$/, '.ts');
    return tested !== file && files.includes(tested) && allowed(tested);
  };
  const missing = [
    ...fixed.filter((file) => !files.includes(file)),
    ...Object.entries(openFolders).flatMap(([name, pattern]) => (files.some((file) => pattern.test(file)) ? [] : [name])),
  ];
  const foreign = files.filter((file) => !allowed(file) && !isBeside(file));
  return [
    ...missing.map((file) => `${folder}: lacks src/${file}`),
    ...foreign.map((file) => `${folder}: src/${file} is not of the standard set`),
  ];
}

/** Connector packages whose files differ from the standard set. A test may stand beside any file of the set. */
export function findConnectorFaults(tree: SourceTree): readonly string[] {
  const folders = [...tree.keys()].flatMap((path) => /^(packages\/connector-[^/]+)\/package\.json$/.exec(path)?.[1] ?? []);
  return folders.flatMap((folder) => {
    const prefix = `${folder}/src/`;
    const files = [...tree.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    return faultsOf(folder, files);
  });
}
