import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { Change, Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import { compileMapping } from '../mapping/compile-mapping.ts';
import type { MappingDefinition } from '../mapping/mapping-definition.ts';
import { invalidMapping } from '../mapping/mapping-error.ts';
import { readMapping } from '../mapping/read-mapping.ts';
import { findConnection } from '../routing/find-connection.ts';
import { isName } from './check-text.ts';
import { type Mapping, mappingRow, mappingVersionName, viewMapping } from './mapping-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Mappings of one tenant. */
const mostMappings = 500;

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Makes the mapping of this name, or a new version of it; the same definition changes nothing. */
export async function putMapping(scope: TenantScope, name: string, input: unknown): Promise<Mapping> {
  const { tenant, storage, cache, configuration } = scope;
  await scope.ready();
  checkName(name);
  const definition = readMapping(input);
  compileMapping({ name, version: 0, definition });
  const known = await cache.read(tenant, { fresh: true });
  checkPlace(scope, known, definition);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const { revision, rows } = await storage.configuration.snapshot(tenant, ['mapping']);
    const mappings = rows.mapping ?? [];
    const existing = mappings.find((row) => row.name === name);
    if (existing && canonicalJson(existing.value.definition) === canonicalJson(definition)) return viewMapping(existing);
    if (!existing && mappings.length >= mostMappings) throw invalid(`There are ${mostMappings} mappings already. Delete one.`);
    checkAlone(mappings, name, { known, definition });
    const { head, changes } = newVersion(scope, { name, existing, definition });
    const verdict = await configuration.write(tenant, changes, { revision: revision.tenant });
    cache.forget(tenant);
    if (verdict.status === 'written') return viewMapping(head);
  }
  throw busy();
}

/** Deletes a mapping. Events that it has mapped stay as they are; those that did not fit are taken as they came once somebody retries them. */
export async function deleteMapping(scope: TenantScope, reference: string): Promise<void> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await mappingRow(scope, reference);
    const verdict = await scope.configuration.write(scope.tenant, [{ delete: 'mapping', id: row.id, expect: row.version }]);
    scope.cache.forget(scope.tenant);
    if (verdict.status === 'written') return;
  }
  throw busy();
}

function newVersion(
  { generateId, clock }: Pick<TenantScope, 'generateId' | 'clock'>,
  input: { readonly name: string; readonly existing: Row<'mapping'> | undefined; readonly definition: MappingDefinition },
): { readonly head: Pick<Row<'mapping'>, 'id' | 'name' | 'value'>; readonly changes: readonly Change[] } {
  const { name, existing, definition } = input;
  const id = existing?.id ?? generateId();
  const version = (existing?.value.version ?? 0) + 1;
  // A definition is JSON: the reader let nothing else through.
  const value = { version, definition: definition as unknown as Json, createdAt: Math.floor(clock.now()) };
  const versionName = mappingVersionName(id, version);
  return {
    head: { id, name, value },
    changes: [
      { put: 'mapping', id, name, expect: existing?.version ?? 'absent', value },
      { put: 'mapping_version', id: generateId(), name: versionName, expect: 'absent', value: { mapping: id, ...value } },
    ],
  };
}

/** Throws `mapping_invalid` for events that nothing emits, and for a connection that is not there. */
function checkPlace({ registry }: TenantScope, known: TenantConfiguration, { event, connection }: MappingDefinition): void {
  if (event === undefined) return;
  if (registry.findTrigger(event) === undefined)
    throw invalidMapping('event', `no connector emits ${event}. The host's own events are in its shape already.`);
  const [connector = ''] = event.split('.', 1);
  if (connection !== undefined && findConnection(known, connector, connection) === undefined)
    throw invalidMapping('connection', `there is no connection ${connection} of ${connector}; put it first.`);
}

/** Two mappings for the same events would be one too many. */
function checkAlone(
  mappings: readonly Row<'mapping'>[],
  name: string,
  { known, definition }: { readonly known: TenantConfiguration; readonly definition: MappingDefinition },
): void {
  const place = placeOf(known, definition);
  const other =
    place === undefined ? undefined : mappings.find((row) => row.name !== name && placeOf(known, row.value.definition) === place);
  if (other) throw invalidMapping('event', `the mapping ${other.name} is for the same events. Change that one, or delete it first.`);
}

function placeOf(known: TenantConfiguration, definition: unknown): string | undefined {
  if (!isJsonObject(definition)) return undefined;
  const { event, connection } = definition;
  if (typeof event !== 'string') return undefined;
  if (typeof connection !== 'string') return event;
  return `${event}\u0000${findConnection(known, event.split('.', 1)[0] ?? '', connection)?.id ?? connection}`;
}

function checkName(name: string): void {
  // A name that looks like an id could stand for another mapping's.
  if (isName(name) && !isUuid(name)) return;
  throw invalid("A mapping's name is text of 1 to 200 characters without control characters, and not a uuid.");
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}

function busy(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The mapping is being changed by others at the same time. Try again.',
    retryable: true,
  });
}
