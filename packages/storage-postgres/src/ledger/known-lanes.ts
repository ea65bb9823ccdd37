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

/** Where a pass looks: into known lanes from where something was found last, into them from their starts, or everywhere. */
export type Reach = 'known' | 'known from the start' | 'everywhere';

/** Lanes that a process knows at a time. Where more are busy, its claims look everywhere. */
const mostKnown = 1_000;

/**
 * How far before the first dispatch that was seen in a lane the next look begins, milliseconds. A statement that took longer than this
 * commits dispatches that only a look from the start finds.
 */
const slackMs = 250;

/** Milliseconds after which a claim looks from the starts again at the earliest, although it finds enough where it knows of work. */
const lookEveryMs = 2_000;

/** A twentieth of the time at most goes into such looks, which take the longer the more there is to step over. */
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
  /** Where the next look goes: from the starts where the last that did so was too long ago, everywhere where nothing is known. */
  readonly reach: Reach;
  /** Remembers what a look has found that began at the store's time `now` and took so many milliseconds. `whole`: from the starts of all lanes. */
  learn(look: { readonly whole: boolean; readonly now: number; readonly took: number; readonly heads: readonly LaneHead[] }): void;
}

const nameOf = ({ workClass, tenant, lane }: Omit<KnownLane, 'floor'>): string => `${workClass} ${tenant.length} ${tenant} ${lane}`;

/** Begins with nothing known. */
export function createKnownLanes(): KnownLanes {
  // In the order in which something was last found in them.
  const lanes = new Map<string, KnownLane>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let pauseMs = lookEveryMs;
  let reach: Reach = 'everywhere';
  return {
    all: () => [...lanes.values()],
    get reach() {
      return reach;
    },
    learn({ whole, now, took, heads }) {
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
      if (whole) {
        lookedAt = now;
        pauseMs = Math.max(lookEveryMs, took * lookShare);
      }
      const isOld = Math.abs(now - lookedAt) >= pauseMs;
      reach = lanes.size === 0 ? 'everywhere' : isOld ? 'known from the start' : 'known';
    },
  };
}
