import { isForbiddenName } from './forbidden-name.ts';
import { type Frame, spendBytes, spendSteps } from './frame.ts';
import type { MapValue } from './value.ts';

/** The names of a map's members that an expression may see, paid for by their number. */
export function memberNames(frame: Frame, map: MapValue): string[] {
  const names = Object.keys(map);
  // The host keeps large objects as hash tables, whose names cost ten times as much to list.
  spendSteps(frame, names.length > 100 ? names.length * 2 : 1 + (names.length >>> 1));
  spendBytes(frame, names.length * 8);
  return names.some(isForbiddenName) ? names.filter((name) => !isForbiddenName(name)) : names;
}
