/** Where a part of a condition stands. */
export interface ConditionPlace {
  readonly place: string;
  readonly depth: number;
  /** True inside a `where`, where fields are relative to the item. */
  readonly ofItem: boolean;
}

/** The place of a member or an item below a place: `all[1].value`. */
export function placeBelow(place: string, next: string | number): string {
  if (typeof next === 'number') return `${place}[${next}]`;
  return place === '' ? next : `${place}.${next}`;
}
