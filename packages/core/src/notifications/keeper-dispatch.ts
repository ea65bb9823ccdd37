import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { alertTarget, notificationHandler } from './alert-names.ts';
import type { AlertParts } from './alert-parts.ts';
import { type AlertEpisode, readAlertState, writeAlertState } from './alert-state.ts';
import type { AlertPlace } from './change-alert-state.ts';

/** An alert with where its state stands. */
export interface PlacedAlert {
  readonly place: AlertPlace;
  /** Id of its rule. */
  readonly rule: string;
  readonly episode: AlertEpisode;
}

/** What the keeper's dispatch holds: enough to open the alert where the process that found the trouble has died since. */
export interface KeeperInput {
  readonly name: string;
  readonly rule: string;
  readonly episode: AlertEpisode;
}

/**
 * The dispatch that looks after an alert for as long as it is open: it tells, escalates, reminds and closes, and waits in between, in the ledger, so
 * that it outlives every process.
 */
export function keeperDispatch({ place, rule, episode }: PlacedAlert, { path = 'keep', delayMs = 0 } = {}): NewDispatch {
  return {
    key: { tenant: place.scope, root: episode.id, target: alertTarget(rule), replay: 0, path },
    handler: notificationHandler,
    lane: alertTarget(rule),
    workClass: 'live',
    operation: path.split('.', 1)[0] ?? path,
    connection: null,
    input: JSON.stringify({ name: place.name, rule, state: writeAlertState({ window: [], episode }, '') }),
    version: null,
    delayMs,
    mark: 'claim',
    onUnknown: 'retry',
    ordering: null,
  };
}

/** What {@link keeperDispatch} wrote; `null` for what is none. */
export function readKeeperInput(input: string | null): KeeperInput | null {
  const written: unknown = input === null ? null : JSON.parse(input);
  if (!isJsonObject(written)) return null;
  const { name, rule } = written;
  const { episode } = readAlertState(written['state']);
  return typeof name === 'string' && typeof rule === 'string' && episode !== null ? { name, rule, episode } : null;
}

/** Has somebody look at an alert at once, or after so many milliseconds: its keeper may sleep for long. */
export async function nudgeKeeper(
  { publisher, cache, generateId }: Pick<AlertParts, 'publisher' | 'cache' | 'generateId'>,
  alert: PlacedAlert,
  delayMs: number,
): Promise<void> {
  const { scope: tenant } = alert.place;
  const path = `look.${generateId()}`;
  const dispatch = keeperDispatch(alert, { path, delayMs });
  const item = { tenant, root: alert.episode.id, dedupe: { key: `alert:${alert.episode.id}:${path}`, hash: null }, event: null };
  await publisher.ingest(item, async (fresh) => {
    const { revision } = await cache.read(tenant, { fresh });
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
}
