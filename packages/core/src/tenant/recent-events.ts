import type { EventRecord } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { checkWindow, eventsWithin, type TimeWindow } from './check-window.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which stored events are tried. */
export interface EventWindow extends TimeWindow {
  /** Milliseconds since 1970. @default seven days before `to` */
  readonly from?: number;
  /** Most events that are looked at, the newest ones, 1 to 1,000. @default 100 */
  readonly limit?: number;
}

/** A window that is checked and has both ends. */
export interface ClosedWindow {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** Milliseconds of the window that nobody has said. */
const week = 7 * 86_400_000;

/** Events that are read at once; each may be large. */
const pageSize = 50;

/** The window with what was left out. Throws `invalid_argument` for one that no time can be in. */
export async function closedWindow(
  { storage }: TenantScope,
  window: EventWindow,
  bounds: { readonly limit: number; readonly most: number } = { limit: 100, most: 1_000 },
): Promise<ClosedWindow> {
  const { from, to, limit = bounds.limit } = window;
  checkWindow({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  if (!Number.isInteger(limit) || limit < 1 || limit > bounds.most)
    throw new PatchbayError({
      code: 'invalid_argument',
      message: `The limit of a window of events is a whole number from 1 to ${bounds.most}.`,
    });
  // What is stored in this very millisecond counts.
  const end = to ?? (await storage.now()) + 1;
  const closed = { from: from ?? Math.max(0, end - week), to: end };
  checkWindow(closed);
  return { ...closed, limit };
}

/** Tells what was not read. */
export interface ReadTally {
  read: number;
  cut: boolean;
}

/** Stored events of these types, newest first; what is read is told in `tally`. */
export async function* recentEvents(
  { tenant, storage }: TenantScope,
  types: readonly string[],
  { limit, ...window }: ClosedWindow,
  tally: ReadTally,
): AsyncGenerator<EventRecord> {
  const [type, ...more] = types;
  if (type === undefined) return;
  // Several types are of one record, and alike up to their last part.
  const filter = { ...(more.length === 0 ? { type } : { typePrefix: type.slice(0, type.lastIndexOf('.') + 1) }), ...eventsWithin(window) };
  for (let cursor: string | null = null; ; ) {
    const page = await storage.history.events(tenant, filter, { cursor, limit: pageSize });
    for (const record of page.items) {
      if (tally.read === limit) {
        tally.cut = true;
        return;
      }
      tally.read += 1;
      if (types.includes(record.type)) yield record;
    }
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
