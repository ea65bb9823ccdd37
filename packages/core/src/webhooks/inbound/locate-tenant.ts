import { createBatcher } from '../../batch/create-batcher.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ConfigurationStore } from '../../contracts/configuration-store.ts';

/** Registrations remembered at once; those that do not exist are counted apart. */
const maximumRemembered = 10_000;

/** Milliseconds for which it is remembered that a registration does not exist. An id is asked for after it was made, or is an invention. */
const unknownForMs = 1_000;

/** Look-ups under way at once, and how many more may wait: inventions must not take the store away from everybody else. */
const lookUps = { flushers: 2, worthwhile: 1, maximumItems: 4, maximumWaiting: 1_000 };

/**
 * Looks up a registration's tenant and remembers it. `null` where there is none, which is remembered for a second. Rejects with `overloaded`
 * where strangers ask faster than the store answers: a registration that may exist is not refused unseen.
 */
export function createTenantLocator(options: {
  readonly store: Pick<ConfigurationStore, 'locateRegistration'>;
  readonly clock: Pick<Clock, 'monotonic' | 'nextTurn' | 'setTimer'>;
}): (registration: string) => Promise<string | null> {
  const { store, clock } = options;
  const known = new Map<string, string>();
  const unknown = new Map<string, number>();
  const batcher = createBatcher<string, string | null>({
    ...lookUps,
    clock,
    sizeOf: (registration) => registration.length,
    send: (registrations) => Promise.all(registrations.map((registration) => store.locateRegistration(registration))),
  });
  return async (registration) => {
    const remembered = known.get(registration);
    if (remembered !== undefined) return remembered;
    if (clock.monotonic() - (unknown.get(registration) ?? Number.NEGATIVE_INFINITY) < unknownForMs) return null;
    const tenant = await batcher.add(registration);
    if (tenant === null) remember(unknown, registration, clock.monotonic());
    else remember(known, registration, tenant);
    return tenant;
  };
}

function remember<Value>(map: Map<string, Value>, registration: string, value: Value): void {
  if (map.size >= maximumRemembered) map.clear();
  map.set(registration, value);
}
