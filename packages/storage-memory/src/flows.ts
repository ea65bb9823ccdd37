import type { FlowRecord, FlowStore } from '@patchbay/core/adapter';

interface FlowEntry extends FlowRecord {
  readonly expiresAt: number;
  taker: string | null;
}

const userText = (tenant: string, user: string): string => `${tenant.length}:${tenant}${user}`;

/** Flows by their hash. Those of one length of life end in the order in which they came, so that nobody looks at those that go on. */
export function memoryFlows(now: () => number): FlowStore {
  const flows = new Map<string, FlowEntry>();
  const byLife = new Map<number, Map<string, FlowEntry>>();
  const openOf = new Map<string, Set<FlowEntry>>();

  const close = (flow: FlowEntry): void => {
    const user = userText(flow.tenant, flow.user);
    const open = openOf.get(user);
    open?.delete(flow);
    if (open?.size === 0) openOf.delete(user);
  };
  const forget = (time: number): void => {
    for (const [life, line] of byLife) {
      for (const flow of line.values()) {
        if (flow.expiresAt > time) break;
        flows.delete(flow.hash);
        line.delete(flow.hash);
        close(flow);
      }
      if (line.size === 0) byLife.delete(life);
    }
  };
  const keep = (flow: FlowEntry, life: number): void => {
    flows.set(flow.hash, flow);
    byLife.set(life, (byLife.get(life) ?? new Map<string, FlowEntry>()).set(flow.hash, flow));
    const user = userText(flow.tenant, flow.user);
    openOf.set(user, (openOf.get(user) ?? new Set<FlowEntry>()).add(flow));
  };

  return {
    async put({ tenant, user, hash, value, forMs }) {
      const time = now();
      forget(time);
      if (!flows.has(hash)) keep({ tenant, user, hash, value, expiresAt: time + forMs, taker: null }, forMs);
    },
    async take({ tenant, hash, taker }) {
      const flow = flows.get(hash);
      if (flow === undefined || flow.expiresAt <= now() || (tenant !== null && flow.tenant !== tenant)) return null;
      if (flow.taker === null) close(flow);
      flow.taker ??= taker;
      return flow.taker === taker ? { tenant: flow.tenant, user: flow.user, hash, value: flow.value } : null;
    },
    async count({ tenant, user }) {
      const time = now();
      return [...(openOf.get(userText(tenant, user)) ?? [])].filter(({ expiresAt }) => expiresAt > time).length;
    },
  };
}
