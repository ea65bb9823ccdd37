import type { Row } from '../contracts/configuration-store.ts';
import { checkStream, type LoggedCheck, readCheck } from '../health/check-log.ts';
import { checkWindow, type TimeWindow } from './check-window.ts';
import { type ListOptions, type Page, pageRequest } from './read-cursor.ts';
import type { TenantScope } from './tenant-services.ts';

/** Which looks at a service. */
export interface HealthHistoryRequest extends ListOptions, TimeWindow {
  /** @default both */
  readonly healthy?: boolean;
}

/** The looks at a connection's service, the newest first. */
export async function healthHistory(
  scope: TenantScope,
  { id }: Row<'connection'>,
  request: HealthHistoryRequest,
): Promise<Page<LoggedCheck>> {
  const { tenant, storage, health } = scope;
  const { healthy, from, to } = request;
  checkWindow(request);
  const page = pageRequest(request);
  await health.flush();
  const { entries, cursor } = await storage.journal.page(tenant, {
    stream: checkStream,
    subject: id,
    ...(healthy === undefined ? {} : { verdict: healthy ? 'ok' : 'failed' }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { below: to }),
    ...page,
  });
  return { items: entries.flatMap(({ value }) => readCheck(value) ?? []), cursor };
}
