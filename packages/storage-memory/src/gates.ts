import type { GateReason, GateStore } from '@patchbay/core/adapter';
import { malformed } from './malformed.ts';

/** When each gate of a lane opens, by tenant, lane and reason; infinity: when somebody opens it. */
export type GateState = Map<string, Map<string, Map<GateReason, number>>>;

/** When the lane is open again, milliseconds since 1970; `now` or earlier: it is open. */
export function gateOpensAt(gates: GateState, tenant: string, lane: string): number {
  const reasons = gates.get(tenant)?.get(lane);
  if (reasons === undefined) return 0;
  let latest = 0;
  for (const until of reasons.values()) latest = Math.max(latest, until);
  return latest;
}

/** True while no gate closes the lane. */
export const isOpen = (gates: GateState, tenant: string, lane: string, now: number): boolean => gateOpensAt(gates, tenant, lane) <= now;

function laneGates(gates: GateState, tenant: string, lane: string): Map<GateReason, number> {
  const lanes = gates.get(tenant) ?? new Map<string, Map<GateReason, number>>();
  gates.set(tenant, lanes);
  const reasons = lanes.get(lane) ?? new Map<GateReason, number>();
  lanes.set(lane, reasons);
  return reasons;
}

function openGate(gates: GateState, tenant: string, lane: string, reason: GateReason): void {
  const lanes = gates.get(tenant);
  const reasons = lanes?.get(lane);
  if (lanes === undefined || reasons === undefined) return;
  reasons.delete(reason);
  if (reasons.size === 0) lanes.delete(lane);
  if (lanes.size === 0) gates.delete(tenant);
}

/** The tenant's gates; those whose time has passed are dropped on the way. */
function* currentGates(gates: GateState, tenant: string, now: number): Generator<{ lane: string; reason: GateReason; until: number }> {
  for (const [lane, reasons] of [...(gates.get(tenant) ?? [])]) {
    for (const [reason, until] of [...reasons]) {
      if (until <= now) openGate(gates, tenant, lane, reason);
      else yield { lane, reason, until };
    }
  }
}

function checkEnd(forMs: number | null): void {
  if (forMs === null || (Number.isFinite(forMs) && forMs >= 0)) return;
  throw malformed('A gate closes for a time that is no number of milliseconds from 0 on. Give one, or null until somebody opens it.');
}

/** Gates over the state. */
export function memoryGates(gates: GateState, now: () => number): GateStore {
  return {
    async close(closing) {
      for (const { forMs } of closing) checkEnd(forMs);
      for (const { tenant, lane, reason, forMs } of closing) {
        const until = forMs === null ? Number.POSITIVE_INFINITY : now() + forMs;
        const reasons = laneGates(gates, tenant, lane);
        reasons.set(reason, Math.max(until, reasons.get(reason) ?? 0));
      }
    },
    async open(opening) {
      for (const { tenant, lane, reason } of opening) openGate(gates, tenant, lane, reason);
    },
    async list(tenant) {
      const found = [...currentGates(gates, tenant, now())];
      return found.map(({ lane, reason, until }) => ({ tenant, lane, reason, until: Number.isFinite(until) ? until : null }));
    },
  };
}
