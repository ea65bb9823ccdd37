import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from '@microsoft/api-extractor';

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
    extractorMessageReporting: silent,
    tsdocMessageReporting: silent,
    compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
  },
});

/** Everything that importers can see through one entry of a package, as text. Throws when the declarations do not compile. */
export function reportApi(order: ReportOrder): string {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(order.folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: settings(order),
  });
  const errors: string[] = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.formatMessageWithLocation(order.folder));
    },
  });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return readFileSync(join(order.scratch, reportName), 'utf8');
}

/** The exports in such a report that have no documentation. */
export const undocumentedExports = (report: string): readonly string[] =>
  [...report.matchAll(/^\/\/ @public \(undocumented\)\n(.+)$/gm)].map((match) => match[1] ?? '');
