import type { Row } from '../contracts/configuration-store.ts';
import type { StateWrite } from '../contracts/state-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { connectionLane } from '../health/lane-gates.ts';
import { changeConnection } from './change-connection.ts';
import { isName } from './check-text.ts';
import { type ConnectionPause, pauseName, pauseOf } from './connection-pause.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a connection is paused. */
export interface PauseRequest {
  /** For whoever asks why; 1 to 200 characters. @default nothing is said */
  readonly reason?: string;
  /** Refuses its webhooks too, for as long as it is paused: whether they come again is up to the service. @default false */
  readonly inbound?: boolean;
}

/** Connections of one call. */
type Connections = readonly Row<'connection'>[];

/** Pauses a connection: nothing more goes out through it until it is resumed. What is under way ends by itself. */
export async function pauseConnection(
  scope: TenantScope,
  row: Row<'connection'>,
  { reason, inbound = false }: PauseRequest,
): Promise<void> {
  if (reason !== undefined && !isName(reason)) throw invalidReason();
  const before = await pauseOf(scope, row);
  // An operator's word stays theirs: whoever pauses it again cannot resume it.
  const isOperators = before?.by === 'operator' && scope.recorder.actor.kind !== 'operator';
  await pauseLanes(scope, [row], isOperators ? null : { reason: reason ?? remarkOf(scope) });
  await setInbound(scope, row, inbound);
  const { tenant, notify, clock, recorder } = scope;
  notify('connection.paused', { ...placeOf(tenant, row), by: recorder.actor.kind, inbound, at: clock.now() });
}

/** Resumes it. Throws `conflict` where an operator has paused it, and another asks. */
export async function resumeConnection(scope: TenantScope, row: Row<'connection'>): Promise<void> {
  const { tenant, notify, clock, recorder } = scope;
  const pause = await pauseOf(scope, row);
  if (pause?.by === 'operator' && recorder.actor.kind !== 'operator') throw operatorsPause();
  await setInbound(scope, row, false);
  await resumeLanes(scope, [row]);
  if (pause !== null) notify('connection.resumed', { ...placeOf(tenant, row), by: recorder.actor.kind, at: clock.now() });
}

/** Closes the lanes of connections, 500 at most, and notes who has, unless another's note is to stay. */
export async function pauseLanes(
  scope: TenantScope,
  connections: Connections,
  note: { readonly reason: string | null } | null = { reason: remarkOf(scope) },
): Promise<void> {
  const { tenant, storage, health, recorder, clock } = scope;
  const pause: Omit<ConnectionPause, 'inbound'> | null = note && {
    by: recorder.actor.kind,
    reason: note.reason,
    at: Math.floor(clock.now()),
  };
  // The note first: a closed lane always says by whom.
  if (pause) await storage.states.write(connections.map((row) => noteOf(tenant, row, { ...pause })));
  await storage.gates.close(connections.map((row) => ({ ...laneOf(tenant, row), forMs: null })));
  health.lanes.forget(tenant);
}

/** Opens them. */
export async function resumeLanes({ tenant, storage, queue, health }: TenantScope, connections: Connections): Promise<void> {
  await storage.gates.open(connections.map((row) => laneOf(tenant, row)));
  health.lanes.forget(tenant);
  await storage.states.write(connections.map((row) => noteOf(tenant, row, null)));
  // A lost wake-up costs a poll interval, so its failure is nobody's business.
  await queue.wake({}).catch(() => undefined);
}

/** Lets its webhooks in, or not; their refusal holds for every delivery committed after it. */
export async function setInbound(scope: TenantScope, row: Row<'connection'>, isPaused: boolean): Promise<void> {
  if (!isPaused && row.value.inboundPausedAt === undefined) return;
  await changeConnection(scope, row.id, ({ inboundPausedAt, ...record }) => {
    if (isPaused === (inboundPausedAt !== undefined)) return null;
    return isPaused ? { ...record, inboundPausedAt: Math.floor(scope.clock.now()) } : record;
  });
}

const laneOf = (tenant: string, { id }: Row<'connection'>) => ({ tenant, lane: connectionLane(id), reason: 'paused' as const });

const noteOf = (tenant: string, { id }: Row<'connection'>, value: StateWrite['value']): StateWrite => ({
  tenant,
  name: pauseName(id),
  expect: 'any',
  value,
});

const placeOf = (tenant: string, { id, value }: Row<'connection'>) => ({ tenant, connectionId: id, connectorId: value.connector });

/** What an operator has said for why. */
function remarkOf({ recorder }: TenantScope): string | null {
  const reason = recorder.remarks?.['reason'];
  return typeof reason === 'string' ? reason : null;
}

function invalidReason(): PatchbayError {
  return new PatchbayError({
    code: 'invalid_argument',
    message: 'The reason of a pause is not text of 1 to 200 characters without control characters. Pass such a text, or none.',
  });
}

function operatorsPause(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'An operator has paused the connection, so it stays paused. Ask them to resume it.',
  });
}
