import type { Clock } from '../../clock/clock.ts';
import type { Notify } from '../../notices/notices.ts';
import type { CallEnding, CallGuard, GuardedCall } from '../call-guard.ts';
import { readDeprecation } from './read-deprecation.ts';

const dayMs = 86_400_000;

/** Most paths that are remembered; beyond it the first are told of once more. */
const mostPaths = 10_000;

/** Watches answers for what ends at a service, and gives the notice `api.deprecated` once a day for each connector, method and path. */
export function createDeprecationWatch({ clock, notify }: { readonly clock: Pick<Clock, 'now'>; readonly notify: Notify }): CallGuard {
  const toldOn = new Map<string, number>();
  const ended = (call: GuardedCall, { headers }: CallEnding): void => {
    const found = headers === null ? undefined : readDeprecation(headers);
    if (found === undefined) return;
    const { connection, definition, method, template, tenant } = call;
    const at = clock.now();
    const day = Math.floor(at / dayMs);
    const name = `${definition.id} ${method} ${template}`;
    if (toldOn.get(name) === day) return;
    toldOn.delete(name);
    toldOn.set(name, day);
    const [oldest] = toldOn.size > mostPaths ? toldOn.keys() : [];
    if (oldest !== undefined) toldOn.delete(oldest);
    notify('api.deprecated', {
      tenant,
      connectorId: definition.id,
      connectionId: connection.id,
      method,
      pathTemplate: template,
      ...found,
      at,
    });
  };
  return { admit: () => undefined, ended };
}
