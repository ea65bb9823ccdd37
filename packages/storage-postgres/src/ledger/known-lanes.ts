import type { WorkClass } from '@patchbay/core/adapter';
import type { Column } from '../sql/columns.ts';

/** A lane in which something has waited, and where in its order of due times the next look at it begins. */
export interface KnownLane {
  readonly workClass: WorkClass;
  readonly tenant: string;
  readonly lane: string;
  /** Milliseconds since 1970. */
  readonly floor: number;
}

/** A lane as a claim has found it: when the first dispatch that waits in it is due, milliseconds since 1970. */
export type LaneHead = Omit<KnownLane, 'floor'> & { readonly due: number };

/** Lanes that a process knows at a time. Where more are busy, its claims look everywhere. */
const mostKnown = 1_000;

/**
 * How far before the first dispatch that was seen in a lane the next look begins, milliseconds. A statement that took longer than this
 * commits dispatches that only a look from the start finds.
 */
const slackMs = 250;

/** Milliseconds after which a claim looks everywhere again at the earliest, although it finds enough where it knows of work. */
const lookEveryMs = 2_000;

/** A twentieth of the time at most goes into looks everywhere, which take the longer the more there is to step over. */
const lookShare = 20;

/** Columns of the lanes that go into a claim. */
export const knownColumns: readonly Column<KnownLane>[] = [
  ['work_class', 'text', (known) => known.workClass],
  ['tenant', 'text', (known) => known.tenant],
  ['lane', 'text', (known) => known.lane],
  ['floor_ms', 'float8', (known) => known.floor],
];

/**
 * What a process remembers of the lanes, so that its claims need not step over what others and it have taken: the entries of those
 * dispatches stay in the index as long as any transaction is open that began before.
 */
export interface KnownLanes {
  all(): readonly KnownLane[];
  /** True where the next look must go everywhere: nothing is known, or the last such look was too long ago. */
  readonly mustLook: boolean;
  /** Remembers what a look has found that began at the store's time `now` and took so many milliseconds. */
  learn(look: { readonly everywhere: boolean; readonly now: number; readonly took: number; readonly heads: readonly LaneHead[] }): void;
}

const nameOf = ({ workClass, tenant, lane }: Omit<KnownLane, 'floor'>): string => `${workClass} ${tenant.length} ${tenant} ${lane}`;

/** Begins with nothing known. */
export function createKnownLanes(): KnownLanes {
  // In the order in which something was last found in them.
  const lanes = new Map<string, KnownLane>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let pauseMs = lookEveryMs;
  let mustLook = true;
  return {
    all: () => [...lanes.values()],
    get mustLook() {
      return mustLook;
    },
    learn({ everywhere, now, took, heads }) {
      for (const { workClass, tenant, lane, due } of heads) {
        const known = { workClass, tenant, lane, floor: Math.min(due, now) - slackMs };
        const name = nameOf(known);
        lanes.delete(name);
        lanes.set(name, known);
      }
      for (const name of lanes.keys()) {
        if (lanes.size <= mostKnown) break;
        lanes.delete(name);
      }
      if (everywhere) {
        lookedAt = now;
        pauseMs = Math.max(lookEveryMs, took * lookShare);
      }
      mustLook = lanes.size === 0 || Math.abs(now - lookedAt) >= pauseMs;
    },
  };
}
