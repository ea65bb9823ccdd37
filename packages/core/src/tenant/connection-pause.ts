import type { AuditActor } from '../contracts/audit-store.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { connectionLane } from '../health/lane-gates.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { TenantScope } from './tenant-services.ts';

/** A connection that is paused: by whom, why and since when. */
export interface ConnectionPause {
  readonly by: AuditActor['kind'];
  /** As it was said; `null` where nothing was. */
  readonly reason: string | null;
  /** Milliseconds since 1970; 0 where nobody has noted it. */
  readonly at: number;
  /** Its webhooks are refused too. */
  readonly inbound: boolean;
}

/** Name of the state that notes who has paused a connection. */
export const pauseName = (connection: string): string => `connection-pause:${connection}`;

/** How a connection is paused; `null` where it is not. The gate decides; the note beside it says by whom. */
export async function pauseOf({ tenant, storage }: TenantScope, { id, value }: Row<'connection'>): Promise<ConnectionPause | null> {
  const gates = await storage.gates.list(tenant);
  if (!gates.some(({ lane, reason }) => reason === 'paused' && lane === connectionLane(id))) return null;
  const note = (await storage.states.read(tenant, pauseName(id)))?.value;
  const { by, reason, at } = isJsonObject(note) ? note : {};
  return {
    by: by === 'operator' || by === 'user' || by === 'system' ? by : 'host',
    reason: typeof reason === 'string' ? reason : null,
    at: typeof at === 'number' ? at : 0,
    inbound: value.inboundPausedAt !== undefined,
  };
}
