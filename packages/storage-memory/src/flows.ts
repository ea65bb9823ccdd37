import type { FlowRecord, FlowStore } from '@patchbay/core/adapter';

interface FlowEntry extends FlowRecord {
  readonly expiresAt: number;
  taker: string | null;
}

/** Flows by their hash, the oldest first. */
export function memoryFlows(now: () => number): FlowStore {
  const flows = new Map<string, FlowEntry>();
  const forget = (): void => {
    for (const [hash, { expiresAt }] of flows) if (expiresAt <= now()) flows.delete(hash);
  };
  return {
    async put({ tenant, user, hash, value, forMs }) {
      forget();
      if (!flows.has(hash)) flows.set(hash, { tenant, user, hash, value, expiresAt: now() + forMs, taker: null });
    },
    async take({ tenant, hash, taker }) {
      const flow = flows.get(hash);
      if (flow === undefined || flow.expiresAt <= now() || (tenant !== null && flow.tenant !== tenant)) return null;
      flow.taker ??= taker;
      return flow.taker === taker ? { tenant: flow.tenant, user: flow.user, hash, value: flow.value } : null;
    },
    async count({ tenant, user }) {
      const isOpen = (flow: FlowEntry): boolean => flow.tenant === tenant && flow.user === user && flow.taker === null;
      return [...flows.values()].filter((flow) => isOpen(flow) && flow.expiresAt > now()).length;
    },
  };
}
