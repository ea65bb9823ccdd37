import type { Connector } from './connector/connector-definition.ts';
import { containersOf, withinContainers } from './connector/content-containers.ts';
import type { ConnectionCall } from './connector/iconnector.ts';
import type { Confinement } from './connector/leaves-confinement.ts';
import { type ReadContentPage, readContentPage } from './connector/read-content-page.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import type { Json } from './json/json.ts';

/** One read of a source of content. */
export interface HarnessContent {
  readonly source: string;
  /** What the last read gave; `null` for everything. */
  readonly cursor: Json;
  /** @default all that it reaches, or that the connection is confined to */
  readonly containers?: readonly string[];
}

/** One read, checked and confined as the hub does. Throws `unsupported` where there is no such source. */
export async function contentInHarness(
  connector: Connector,
  { source: name, cursor, containers = [] }: HarnessContent,
  {
    confinedTo,
    within,
  }: {
    readonly confinedTo: Confinement | undefined;
    readonly within: (use: (call: ConnectionCall) => Promise<unknown>) => Promise<unknown>;
  },
): Promise<ReadContentPage> {
  const { content = {}, resources: kinds } = connector.definition;
  const source = Object.hasOwn(content, name) ? content[name] : undefined;
  if (!source)
    throw new PatchbayError({
      code: 'unsupported',
      message: `The connector ${connector.id} has no content ${name}. Name one of its sources.`,
    });
  const what = `${connector.id}.${name}`;
  const reach = containersOf({ what, source, kinds, confinedTo, containers });
  const page = readContentPage(await within((call) => source.read({ ...call, cursor, containers: reach.containers })), what);
  return withinContainers(page, reach);
}
