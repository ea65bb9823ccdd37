import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { JsonObject } from '../json/json.ts';
import type { AlertAct } from '../notifications/alert-journal.ts';
import { alertStream } from '../notifications/alert-names.ts';
import { checkWindow, type TimeWindow } from './check-window.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** What became of alerts. */
const acts: readonly AlertAct[] = ['opened', 'escalated', 'reminded', 'held_back', 'acknowledged', 'resolved'];

/** Which entries of the history to list; every field narrows. */
export interface AlertHistoryQuery extends TimeWindow, ListOptions {
  /** Id of one alert. */
  readonly alert?: string;
  readonly act?: AlertAct;
}

/** One entry of the history of alerts. */
export interface AlertHistoryEntry {
  readonly id: string;
  readonly alert: string;
  readonly act: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Rule, severity, subject and figures of that time, and why or who. */
  readonly details: JsonObject;
}

/** The history of alerts, newest first. Throws `invalid_argument`. An alert that is not the tenant's has none. */
export async function alertHistory(scope: TenantScope, query: AlertHistoryQuery): Promise<Page<AlertHistoryEntry>> {
  await scope.ready();
  checkWindow(query);
  const { cursor, limit } = pageRequest(query);
  const { alert, act, from, to } = query;
  if (act !== undefined && !acts.includes(act))
    throw new PatchbayError({ code: 'invalid_argument', message: `The act of an alert is one of ${acts.join(', ')}.` });
  if (alert !== undefined && !isUuid(alert)) return { items: [], cursor: null };
  const page = await scope.storage.journal.page(scope.tenant, {
    ...{ stream: alertStream, cursor, limit },
    ...(alert === undefined ? {} : { subject: alert }),
    ...(act === undefined ? {} : { verdict: act }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { below: to }),
  });
  const items = page.entries.map(({ id, subject, verdict, at, value }) => ({
    ...{ id, alert: subject, act: verdict, at },
    details: isJsonObject(value) ? value : {},
  }));
  return { items, cursor: page.cursor };
}
