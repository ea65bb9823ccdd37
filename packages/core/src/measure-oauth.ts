import type { Clock } from './clock/clock.ts';
import type { Refresher } from './connections/create-refresher.ts';
import { toErrorRecord } from './errors/error-record.ts';
import type { Metering } from './telemetry/metering.ts';

/** The refresher, with a duration for each renewal. A token that was good enough was not renewed and is not counted. */
export function measuredRefresher(refresher: Refresher, metering: Metering | null, clock: Pick<Clock, 'monotonic'>): Refresher {
  if (!metering) return refresher;
  return {
    async fresh(tenant, grant, options) {
      const startedAt = clock.monotonic();
      const ended = (outcome: string, code?: string): void => {
        const told = { 'patchbay.connector': grant.connection.value.connector, 'patchbay.outcome': outcome, 'error.type': code };
        metering.record('patchbay.credential.renewals', (clock.monotonic() - startedAt) / 1_000, told, tenant);
      };
      try {
        const renewed = await refresher.fresh(tenant, grant, options);
        if (renewed !== grant) ended(renewed === null ? 'ended' : 'renewed');
        return renewed;
      } catch (error) {
        ended('failed', toErrorRecord(error).code);
        throw error;
      }
    },
  };
}

type ReceiveCallback = (callback: { readonly app: string; readonly query: string }) => Promise<{ readonly location: string }>;

/** Taking in browsers that come back from authorization servers, each counted by what became of it. */
export function measuredCallbacks(receive: ReceiveCallback, metering: Metering | null): ReceiveCallback {
  if (!metering) return receive;
  return async (callback) => {
    try {
      const answer = await receive(callback);
      const fault = URL.parse(answer.location)?.searchParams.get('connect_error') ?? undefined;
      metering.record('patchbay.oauth.callbacks', 1, {
        'patchbay.outcome': fault === undefined ? 'succeeded' : 'failed',
        'error.type': fault,
      });
      return answer;
    } catch (error) {
      metering.record('patchbay.oauth.callbacks', 1, { 'patchbay.outcome': 'failed', 'error.type': toErrorRecord(error).code });
      throw error;
    }
  };
}
