import { contentStatePrefix } from '../../connections/content-dispatches.ts';
import type { Connector } from '../../connector/connector-definition.ts';
import { containersOf } from '../../connector/content-containers.ts';
import type { ConnectorRegistry } from '../../connector/create-registry.ts';
import type { ContentPlace } from '../../contracts/search-index.ts';
import { sendKeeper } from '../keeper.ts';
import { readHeld } from './claim-content.ts';
import type { ContentParts } from './content-parts.ts';
import { contentKeeper, contentReadDispatch, type SwitchedOn, switchedOn } from './content-place.ts';
import { type ContentState, readContentState } from './content-state.ts';
import { endContent } from './end-content.ts';
import { sendContent } from './send-content.ts';

/** What seeing to it that places are read, and ended, needs. */
export interface KeepContentParts extends Pick<ContentParts, 'storage' | 'publisher' | 'cache' | 'generateId'> {
  /** Ids of connectors of which some major has content. */
  readonly connectors: readonly string[];
  readonly registry: Pick<ConnectorRegistry, 'findFor'>;
}

/** Tenants, and states, read at once. */
const pageSize = 500;

/** Sees to it for every tenant: what a process did not come to do before it was lost is done here. */
export async function keepContent(parts: KeepContentParts): Promise<void> {
  for (const connector of parts.connectors) {
    for (let after: string | null = null; ; ) {
      const tenants: readonly string[] = await parts.storage.listTenants({ after, limit: pageSize, connector });
      for (const tenant of tenants) await keepTenantContent(parts, tenant);
      after = tenants.at(-1) ?? null;
      if (tenants.length < pageSize) break;
    }
  }
}

/** Has what a tenant has switched on be read, and takes out what it has not, after something was changed. */
export async function keepTenantContent(parts: KeepContentParts, tenant: string): Promise<void> {
  const configuration = await parts.cache.current(tenant);
  for (const { id: connectionId, value } of configuration.connections) {
    const connector = parts.registry.findFor(value);
    for (const source of Object.keys(value.content ?? {})) {
      const place = { tenant, connectionId, connector: value.connector, source };
      const on = switchedOn(configuration, place);
      if (on && connector && value.status !== 'initializing') await keepPlace(parts, { place, on, connector });
    }
  }
  for (const place of await placesHeld(parts, tenant)) {
    const row = configuration.connection(place.connectionId);
    const held = { ...place, connector: row?.value.connector ?? '' };
    const on = switchedOn(configuration, held);
    await endContent(parts, held, { but: on?.sync.id ?? null, isMending: true });
  }
}

interface KeptPlace {
  readonly place: ContentPlace;
  readonly on: SwitchedOn;
  readonly connector: Connector;
}

/** What reads it, and a read at once where it is to be read otherwise than it was. */
async function keepPlace(parts: KeepContentParts, { place, on, connector }: KeptPlace): Promise<void> {
  await sendKeeper(parts, contentKeeper(place, on.sync), await parts.storage.now());
  const held = await readHeld(parts, place);
  if (held?.state.sync === on.sync.id && held.state.sequence > 0 && isOther({ place, on, connector }, held.state))
    await readSoon(parts, place, `${held.version}`);
}

function isOther({ place, on, connector }: KeptPlace, { containers, error }: ContentState): boolean {
  const source = connector.definition.content?.[place.source];
  const { confinedTo } = on.row.value;
  if (!source) return false;
  try {
    const kinds = connector.definition.resources;
    const reach = containersOf({ what: place.source, source, kinds, confinedTo, containers: on.sync.containers });
    return JSON.stringify(reach.containers) !== JSON.stringify(containers);
  } catch {
    // Once it has been refused, what was there is gone.
    return error?.code !== 'resource_refused';
  }
}

/** Has a place be read at once, once for each `occasion`, beside what reads it at its interval. */
export async function readSoon(
  parts: Pick<KeepContentParts, 'publisher' | 'cache' | 'generateId'>,
  place: ContentPlace,
  occasion: string,
): Promise<void> {
  const dedupe = { key: `content-read:${place.connectionId}:${place.source}:${occasion}`, hash: null };
  await sendContent(parts, contentReadDispatch(place, parts.generateId()), dedupe);
}

/** Places of a tenant of which the index may hold something. */
async function placesHeld(
  { storage }: Pick<KeepContentParts, 'storage'>,
  tenant: string,
): Promise<readonly Omit<ContentPlace, 'connector'>[]> {
  const places: Omit<ContentPlace, 'connector'>[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof storage.states.list>> = await storage.states.list(tenant, contentStatePrefix, {
      cursor,
      limit: pageSize,
    });
    for (const { name, value } of page.entries) {
      const [connectionId = '', source = ''] = name.slice(contentStatePrefix.length).split(':');
      if (readContentState(value)) places.push({ tenant, connectionId, source });
    }
    cursor = page.cursor;
    if (cursor === null) return places;
  }
}
