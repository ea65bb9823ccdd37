import { dayMs } from '../clock/day-of.ts';
import type { WrittenTime } from './calendar-day.ts';
import { type LocalTime, localTimes } from './local-times.ts';

/** Reads moments in UTC on the walls of the zones that a calendar names. */
export interface ReadZones {
  /** The moment on the wall of a zone; as it is written where nobody knows the zone. */
  onWall(utc: WrittenTime, zone: string | undefined): WrittenTime;
}

/** Most zones of one calendar that are looked up: each costs more than all else of an event. */
const mostZones = 20;

/** Zones of one calendar. */
export function readZones(): ReadZones {
  const known = new Map<string, ((at: number) => LocalTime) | null>();
  return {
    onWall(utc, zone) {
      if (zone === undefined || utc.isDay) return utc;
      if (!known.has(zone) && known.size < mostZones) known.set(zone, wallOf(zone));
      const at = utc.day * dayMs + utc.second * 1_000;
      const local = Math.abs(at) <= furthest ? known.get(zone)?.(at) : undefined;
      if (local === undefined) return utc;
      const [hours = 0, minutes = 0] = local.time.split(':').map(Number);
      return { day: Math.floor(Date.parse(`${local.day}T00:00:00Z`) / dayMs), second: hours * 3_600 + minutes * 60, isDay: false };
    },
  };
}

/** The years 1700 to 2240: beyond them a year may be written otherwise. */
const furthest = 8.5e12;

function wallOf(zone: string): ((at: number) => LocalTime) | null {
  try {
    return localTimes(zone);
  } catch {
    return null;
  }
}
