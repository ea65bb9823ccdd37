import type { Connector } from './connector/connector-definition.ts';
import { findOptions } from './connector/find-options.ts';
import type { ConnectionCall } from './connector/iconnector.ts';
import type { Confinement } from './connector/leaves-confinement.ts';
import { offeredOptions, requireOptionResources } from './connector/offered-options.ts';
import type { InputOption } from './connector/option-source.ts';
import { readOptionPage } from './connector/read-option-page.ts';
import type { Json } from './json/json.ts';

/** Asks for the choices of an action's field. */
export interface HarnessOptions {
  readonly action: string;
  readonly field: string;
  /** What is filled in so far. @default {} */
  readonly input?: Json;
  /** @default '' */
  readonly search?: string;
  /** What the page before gave. @default null */
  readonly cursor?: Json;
}

/** One page of choices as the host is given it. */
export interface HarnessOptionPage {
  readonly options: readonly InputOption[];
  /** `null` at the end. */
  readonly cursor: Json;
}

/** One page of choices, checked, confined and searched as the hub does. */
export async function optionsInHarness(
  connector: Connector,
  { action, field, input = {}, search = '', cursor = null }: HarnessOptions,
  {
    confinedTo,
    within,
  }: {
    readonly confinedTo: Confinement | undefined;
    readonly within: (use: (call: ConnectionCall) => Promise<unknown>) => Promise<unknown>;
  },
): Promise<HarnessOptionPage> {
  const { name, source, given } = findOptions(connector, { action, field }, input);
  const { resources: kinds = {} } = connector.definition;
  requireOptionResources({ what: `${connector.id}.${action}: ${field}`, kinds, confinedTo, source, given });
  const page = readOptionPage(await within((call) => source.list({ ...call, given, search, cursor })), `${connector.id}.${name}`);
  return { options: offeredOptions({ kinds, confinedTo, source }, page, search), cursor: page.cursor };
}
