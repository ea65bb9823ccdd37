import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from '@microsoft/api-extractor';

const compilerOptions = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  target: 'es2024',
  lib: ['es2024'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};
const silent = { default: { logLevel: ExtractorLogLevel.None } };
const unnamed = 'ae-forgotten-export';
const reportName = 'report.api.md';

/** Declarations of one entry of a package, and an empty folder to work in. */
interface ReportOrder {
  /** The package's folder, absolute. */
  readonly folder: string;
  /** The entry's declaration file, from the package's folder. */
  readonly declarations: string;
  readonly scratch: string;
}

const settings = ({ folder, declarations, scratch }: ReportOrder): IConfigFile => ({
  projectFolder: folder,
  mainEntryPointFilePath: join(folder, declarations),
  apiReport: { enabled: true, reportFileName: reportName, reportFolder: scratch, reportTempFolder: scratch },
  newlineKind: 'lf',
  docModel: { enabled: false },
  dtsRollup: { enabled: false },
  tsdocMetadata: { enabled: false },
  compiler: { overrideTsconfig: { compilerOptions, include: ['dist'] } },
  messages: {
    extractorMessageReporting: { ...silent, [unnamed]: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: false } },
    tsdocMessageReporting: silent,
    compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
  },
});

/** A type that a signature mentions and its entry does not export. */
export interface UnnamedType {
  readonly name: string;
  /** The declaration file that mentions it, from the package's folder. */
  readonly mentionedIn: string;
}

/** What importers can see through one entry of a package. */
export interface ApiReport {
  readonly text: string;
  readonly unnamed: readonly UnnamedType[];
}

const configOf = (order: ReportOrder): ExtractorConfig =>
  ExtractorConfig.prepare({
    packageJsonFullPath: join(order.folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: settings(order),
  });

/** Reads the declarations of all entries at once: what they import is the same for most, and reading it is what takes the time. */
export function readDeclarations(orders: readonly [ReportOrder, ...ReportOrder[]]): CompilerState {
  const [first] = orders;
  return CompilerState.create(configOf(first), {
    additionalEntryPoints: orders.map(({ folder, declarations }) => join(folder, declarations)),
  });
}

/** Reads everything that importers can see through one entry of a package. Throws when the declarations do not compile. */
export function reportApi(order: ReportOrder, compilerState: CompilerState): ApiReport {
  const config = configOf(order);
  const errors: string[] = [];
  const found: UnnamedType[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    compilerState,
    messageCallback: (message) => {
      message.handled = true;
      if (message.messageId === unnamed) found.push(unnamedType(message.text, relative(order.folder, message.sourceFilePath ?? '')));
      if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.formatMessageWithLocation(order.folder));
    },
  });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return { text: readFileSync(join(order.scratch, reportName), 'utf8'), unnamed: found };
}

// A name that a global has too comes with a number behind it.
function unnamedType(message: string, mentionedIn: string): UnnamedType {
  const [, name = message] = /^The symbol "(\w+?)(?:_\d+)?" needs/.exec(message) ?? [];
  return { name, mentionedIn };
}

// What has the name of a global stands under another one, and is exported at its end.
const exported = /^export (?:(?:declare |abstract )*(?:class|const|function|interface|type) (\w+)|\{ (?:\w+ as )?(\w+) \})/gm;

/** Names that an entry exports, by its report. */
export const exportedNames = (report: string): readonly string[] =>
  [...report.matchAll(exported)].map((match) => match[1] ?? match[2] ?? '');

/** Types that signatures mention, that their own module exports, and that no entry of the package does: nobody can write them down. */
export function unnamedTypes(reports: readonly ApiReport[], declarationsOf: (path: string) => string): readonly UnnamedType[] {
  const named = new Set(reports.flatMap(({ text }) => exportedNames(text)));
  return reports
    .flatMap((report) => report.unnamed)
    .filter(({ name, mentionedIn }) => {
      const isOfItsModule = new RegExp(`^(?:declare )?(?:interface|type) ${name}\\b`, 'm').test(declarationsOf(mentionedIn));
      return !named.has(name) && !isOfItsModule;
    });
}

/** The exports in such a report that have no documentation. */
export const undocumentedExports = (report: string): readonly string[] =>
  [...report.matchAll(/^\/\/ @public \(undocumented\)\n(.+)$/gm)].map((match) => match[1] ?? '');
