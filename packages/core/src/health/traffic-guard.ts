import type { Clock } from '../clock/clock.ts';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { CallEnding, CallGuard, GuardedCall } from '../gateway/call-guard.ts';
import { callClassOf } from './call-class.ts';
import type { HealthBook } from './health-book.ts';
import { type ClosedLanes, connectionLane, type LaneGates } from './lane-gates.ts';
import { noteCall } from './seen-traffic.ts';

/** Ends that say nothing of the service: somebody on this side has taken the call back. */
const ours: ReadonlySet<ErrorCode> = new Set(['aborted', 'lease_lost', 'stopped', 'cancelled']);

/**
 * Refuses direct requests of a paused connection, and counts how calls end. Actions need no look here: the lane of a paused connection is closed, so
 * they are not claimed. A connector's own look, such as a health check, goes through, and is no traffic.
 */
export function createTrafficGuard({
  book,
  lanes,
  clock,
}: {
  readonly book: Pick<HealthBook, 'note'>;
  readonly lanes: LaneGates;
  readonly clock: Pick<Clock, 'now'>;
}): CallGuard {
  return {
    admit(call) {
      if (call.author !== 'host') return undefined;
      const known = lanes.peek(call.tenant);
      if (known === undefined) return lanes.of(call.tenant).then((read) => refusePaused(read, call), unknown);
      refusePaused(known, call);
      return undefined;
    },
    ended(call, ending) {
      if (!ending.sent || isLook(call) || (ending.fault !== null && ours.has(ending.fault.code))) return;
      count(book, { call, ending, at: clock.now() });
    },
  };
}

const isLook = ({ author, operation }: GuardedCall): boolean => author === 'connector' && operation === null;

interface EndedCall {
  readonly call: GuardedCall;
  readonly ending: CallEnding;
  readonly at: number;
}

function count(book: Pick<HealthBook, 'note'>, { call, ending: { fault, status, durationMs }, at }: EndedCall): void {
  const seen = book.note(call.tenant, call.connection.id, fault !== null);
  if (seen === undefined) return;
  const name = fault === null ? 'succeeded' : callClassOf(fault.code);
  noteCall(seen, { name, tookMs: status === null ? null : durationMs, at: Math.floor(at), code: fault?.code ?? null });
}

/** Throws `connection_paused` where the lane of a connection is closed because somebody has paused it. */
export function refusePaused(closed: ClosedLanes, { connection }: { readonly connection: { readonly id: string } }): void {
  if (closed.get(connectionLane(connection.id))?.some(({ reason }) => reason === 'paused'))
    throw new PatchbayError({
      code: 'connection_paused',
      message: 'The connection is paused, so nothing was sent. Resume it, or wait until who has paused it does.',
      sent: 'no',
    });
}

function unknown(error: unknown): never {
  throw new PatchbayError({
    code: 'storage_unavailable',
    message: 'The store does not say whether the connection is paused, so nothing was sent. Try again.',
    retryable: true,
    sent: 'no',
    cause: error,
  });
}
