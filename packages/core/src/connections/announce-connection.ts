import { connectionRowName } from '../configuration/tenant-configuration.ts';
import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Change, ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import type { GenerateId } from '../id/generate-id.ts';
import type { Json } from '../json/json.ts';
import { endedRecord } from './disconnect.ts';
import { isAnnounced } from './holds-place.ts';

/** What announcing needs. */
export interface AnnounceOptions {
  readonly store: Pick<ConfigurationStore, 'find' | 'write'>;
  readonly generateId: GenerateId;
  readonly now: () => number;
}

/** A connection that somebody has begun to connect. */
export interface BegunConnection {
  readonly tenant: string;
  readonly connector: string;
  readonly name: string;
  readonly owner: string;
  readonly settings: Readonly<Record<string, Json>>;
  readonly metadata: Readonly<Record<string, Json>>;
  /** Milliseconds in which it can be finished. */
  readonly forMs: number;
}

/**
 * Lists a connection as `initializing` until its flow has ended, by when the upkeep takes it away. One that was connected before stays as it is,
 * and so does one that another writes at this moment.
 */
export async function announceConnection({ store, generateId, now }: AnnounceOptions, begun: BegunConnection): Promise<void> {
  const { tenant, connector, name, owner, settings, metadata, forMs } = begun;
  const rowName = connectionRowName(connector, name);
  const existing = await store.find(tenant, 'connection', rowName);
  if (existing && !isAnnounced(existing.value)) return;
  const value: ConnectionRecord = {
    connector,
    name,
    status: 'initializing',
    owner,
    externalAccountId: null,
    externalAccountName: null,
    settings,
    metadata,
    secretVersion: 0,
    connectedAt: now(),
    dueAt: now() + forMs,
    // Begun anew it is no other connection: what it was confined to meanwhile holds for whichever flow is finished.
    ...(existing?.value.confinedTo === undefined ? {} : { confinedTo: existing.value.confinedTo }),
  };
  const id = existing?.id ?? generateId();
  await store.write(tenant, [{ put: 'connection', id, name: rowName, expect: existing?.version ?? 'absent', value }]);
}

/**
 * The write that takes away what was announced. One that was confined meanwhile stays as one that has ended: another flow may be under way, or a
 * person be late, and what is connected then must not be without that.
 */
export function takenAway({ id, name, version, value }: Row<'connection'>): Change {
  if (value.confinedTo === undefined) return { delete: 'connection', id, expect: version };
  return { put: 'connection', id, name, expect: version, value: endedRecord(value) };
}

/** Takes back what was announced, where the flow has come to nothing. The upkeep does it later where this fails. */
export async function withdrawConnection(
  { store }: Pick<AnnounceOptions, 'store'>,
  { tenant, connector, name }: Pick<BegunConnection, 'tenant' | 'connector' | 'name'>,
): Promise<void> {
  try {
    const row = await store.find(tenant, 'connection', connectionRowName(connector, name));
    if (row && isAnnounced(row.value)) await store.write(tenant, [takenAway(row)]);
  } catch {
    // Why the flow came to nothing says more.
  }
}
