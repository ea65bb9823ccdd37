import type { WorkClass } from '@patchbay/core/adapter';
import type { Column } from '../sql/columns.ts';

/** Where the walk over the lanes of a tenant goes on: behind `lane`. */
export interface LanePlace {
  readonly workClass: WorkClass;
  readonly tenant: string;
  readonly lane: string;
}

/** What a claim says of a tenant: where its walk goes on, or `null` where it begins anew. */
export type LaneMove = Omit<LanePlace, 'lane'> & { readonly lane: string | null };

/** Columns of the places that go into a claim. */
export const placeColumns: readonly Column<LanePlace>[] = [
  ['work_class', 'text', (place) => place.workClass],
  ['tenant', 'text', (place) => place.tenant],
  ['lane', 'text', (place) => place.lane],
];

/** Places in the lanes of those tenants that have more of them than one statement visits. A claim says which tenants have no more. */
export interface LanePlaces {
  all(): readonly LanePlace[];
  move(moves: readonly LaneMove[]): void;
}

/** Begins with every tenant before its first lane. */
export function createLanePlaces(): LanePlaces {
  const places = new Map<string, LanePlace>();
  return {
    all: () => [...places.values()],
    move(moves) {
      for (const { workClass, tenant, lane } of moves) {
        const name = `${workClass} ${tenant}`;
        if (lane === null) places.delete(name);
        else places.set(name, { workClass, tenant, lane });
      }
    },
  };
}
