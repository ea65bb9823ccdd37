import type { Clock } from '../clock/clock.ts';
import type { Gate, GateStore } from '../contracts/control-stores.ts';

/** The lane of a connection. */
export const connectionLane = (connection: string): string => `connection:${connection}`;

/** Closed lanes of one tenant, by lane. */
export type ClosedLanes = ReadonlyMap<string, readonly Gate[]>;

/** Knows which lanes are closed, by what this process has read within the last second. */
export interface LaneGates {
  /** What is known and no older than a second; `undefined` where it is to be read. */
  peek(tenant: string): ClosedLanes | undefined;
  /** The same, read where it is not known. Those who ask at once share one look. */
  of(tenant: string): Promise<ClosedLanes>;
  /** What this process has changed itself is read anew. */
  forget(tenant: string): void;
}

/** Milliseconds for which a process goes by what it has read. */
const trustedFor = 1_000;

/** Tenants that are remembered; the oldest goes first. */
const mostTenants = 5_000;

/** Makes the look-up. */
export function createLaneGates({
  gates,
  clock,
}: {
  readonly gates: Pick<GateStore, 'list'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}): LaneGates {
  const known = new Map<string, { readonly at: number; readonly lanes: ClosedLanes }>();
  const under = new Map<string, Promise<ClosedLanes>>();

  const peek = (tenant: string): ClosedLanes | undefined => {
    const entry = known.get(tenant);
    return entry !== undefined && clock.monotonic() - entry.at <= trustedFor ? entry.lanes : undefined;
  };

  const read = async (tenant: string): Promise<ClosedLanes> => {
    const at = clock.monotonic();
    const lanes = Map.groupBy(await gates.list(tenant), ({ lane }) => lane);
    // Forgotten meanwhile: what was read may be of before.
    if (under.has(tenant)) {
      known.delete(tenant);
      known.set(tenant, { at, lanes });
      const [oldest] = known.keys();
      if (known.size > mostTenants && oldest !== undefined) known.delete(oldest);
    }
    return lanes;
  };

  return {
    peek,
    of(tenant) {
      const fresh = peek(tenant);
      if (fresh !== undefined) return Promise.resolve(fresh);
      const running = under.get(tenant);
      if (running !== undefined) return running;
      const begun: Promise<ClosedLanes> = read(tenant).finally(() => {
        if (under.get(tenant) === begun) under.delete(tenant);
      });
      under.set(tenant, begun);
      return begun;
    },
    forget(tenant) {
      known.delete(tenant);
      under.delete(tenant);
    },
  };
}
