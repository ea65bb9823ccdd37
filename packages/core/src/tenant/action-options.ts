import { createHash } from 'node:crypto';
import { connectorValues } from '../connector/connector-values.ts';
import { type FoundOptions, findOptions } from '../connector/find-options.ts';
import { offeredOptions, requireOptionResources } from '../connector/offered-options.ts';
import type { InputOption } from '../connector/option-source.ts';
import { type ReadOptionPage, readOptionPage } from '../connector/read-option-page.ts';
import type { ResolvedAction } from '../connector/resolve-action.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { requireScopes } from '../gateway/require-scopes.ts';
import { refusePaused } from '../health/traffic-guard.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { isLongerThan } from '../json/is-longer-than.ts';
import type { Json } from '../json/json.ts';
import { askProvider } from './ask-provider.ts';
import { connectionOfAction, turnedOn } from './connection-of-action.ts';
import { requireFeature } from './tenant-plan.ts';
import type { TenantScope } from './tenant-services.ts';

/** Asks for the choices of one field. */
export interface ActionOptionsRequest<Name extends string = string> {
  /** Name or id. */
  readonly connection: string;
  /** `{connector}.{action}`. */
  readonly action: Name;
  /** The path of the input's field, with dots; the manifest's `actions[].options` names those that have choices. */
  readonly field: string;
  /** What is filled in so far. @default {} */
  readonly input?: Readonly<Record<string, Json>>;
  /** What a person has typed so far, at most 200 characters. @default '' */
  readonly search?: string;
  /** What the page before answered. @default the first page */
  readonly cursor?: string | null;
}

/** One page of choices. A page can be empty and still not be the last: what was searched for may stand on a later one. */
export interface ActionOptions {
  readonly options: readonly InputOption[];
  /** `null` at the end. */
  readonly cursor: string | null;
}

/** Milliseconds for one page, however many requests it takes. */
const timeoutMs = 10_000;

const longestSearch = 200;
const longestInput = 262_144;
/** Of 4,096 characters of JSON, each of up to three bytes. */
const longestCursor = 16_384;

/** One page of choices of a field, asked for at the service through the gateway, or kept from a moment ago. */
export async function actionOptions(scope: TenantScope, request: ActionOptionsRequest): Promise<ActionOptions> {
  await scope.ready();
  const { search, cursor, input } = readRequest(request);
  const row = await connectionOfAction(scope, scope.registry.resolveAny(request.action), request.connection);
  const resolved = scope.registry.resolveFor(request.action, row.value);
  const { connector, action } = resolved;
  await requireFeature(scope, 'actions');
  refusePaused(await scope.health.lanes.of(scope.tenant), { connection: row });
  const choices = (await turnedOn(scope, resolved, true)).choices(connector.id);
  const found = findOptions(connector, { action, field: request.field }, input);
  const what = `${connector.id}.${action}: ${request.field}`;
  requireScopes(connector, { name: `${action}, for the options of ${request.field},`, definition: found.source }, row.value);
  const { resources: kinds = {} } = connector.definition;
  const { confinedTo } = row.value;
  requireOptionResources({ what, kinds, confinedTo, source: found.source, given: found.given });
  const values = connectorValues(connector.definition, choices);
  const page = await pageOf(scope, { resolved, row, found, values, search, cursor });
  const options = offeredOptions({ kinds, confinedTo, source: found.source }, page, search);
  return { options, cursor: page.cursor === null ? null : Buffer.from(JSON.stringify(page.cursor)).toString('base64url') };
}

interface Asked {
  readonly resolved: ResolvedAction;
  readonly row: Row<'connection'>;
  readonly found: FoundOptions;
  readonly values: ReturnType<typeof connectorValues>;
  readonly search: string;
  readonly cursor: Json;
}

async function pageOf(scope: TenantScope, asked: Asked): Promise<ReadOptionPage> {
  const { connector } = asked.resolved;
  const { row, found, values, cursor } = asked;
  const { name, source, given } = found;
  // What the hub searches itself is one page, whatever is typed.
  const search = source.searches === true ? asked.search : '';
  const kept = keptName(scope.tenant, { ...asked, search });
  const known = row.value.status === 'active' ? scope.keptOptions.find(kept) : undefined;
  if (known) return known;
  const what = `${connector.id}.${name}`;
  const ask = askProvider(scope, row, { what: `Asking for the options of ${what}`, timeoutMs });
  const page = readOptionPage(await ask((call) => source.list({ ...call, ...values, given, search, cursor })), what);
  scope.keptOptions.keep(kept, page);
  return page;
}

/** Another credential, confinement or setting is another version of the connection, which gives other answers. */
function keptName(tenant: string, { resolved, row, found, values, search, cursor }: Asked): string {
  const { connector } = resolved;
  const parts = [
    tenant,
    row.id,
    row.version,
    connector.id,
    connector.definition.version,
    found.name,
    found.given,
    { ...values },
    search,
    cursor,
  ];
  return createHash('sha256').update(canonicalJson(parts)).digest('base64url');
}

function readRequest({ field, search = '', cursor = null, input = {} }: ActionOptionsRequest) {
  if (typeof field !== 'string') throw invalid('Name the field whose options are asked for.');
  if (typeof search !== 'string' || search.length > longestSearch)
    throw invalid(`The search is a text of at most ${longestSearch} characters.`);
  if (!isJsonObject(input) || isLongerThan(JSON.stringify(input), longestInput))
    throw invalid('The input is an object of what is filled in so far, of at most 256 KiB.');
  return { search, input, cursor: cursor === null ? null : readCursor(cursor) };
}

function readCursor(cursor: unknown): Json {
  try {
    if (typeof cursor === 'string' && cursor !== '' && cursor.length <= longestCursor)
      return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // What is no JSON is no cursor either.
  }
  throw invalid('The cursor is what the page before answered, or null.');
}

const invalid = (message: string): PatchbayError => new PatchbayError({ code: 'invalid_argument', message });
