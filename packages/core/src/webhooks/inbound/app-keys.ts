import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';

/** A key and when it holds, milliseconds since 1970. */
export interface TimedKey {
  readonly key: KeyObject;
  /** `null`: from the beginning. */
  readonly notBefore: number | null;
  /** `null`: without end. */
  readonly notAfter: number | null;
}

/** Verification keys of the host's apps. */
export interface AppKeys {
  /** Those of a connector's app that hold now; none refuses. */
  of(connector: string): readonly KeyObject[];
}

/** True from `notBefore` on and until `notAfter`, which is outside. */
export function isLive(window: { readonly notBefore?: number | null; readonly notAfter: number | null }, now: number): boolean {
  return (window.notBefore ?? Number.NEGATIVE_INFINITY) <= now && now < (window.notAfter ?? Number.POSITIVE_INFINITY);
}

/** Answers from a map of keys by connector id, by the hub's clock. */
export function createAppKeys(keys: ReadonlyMap<string, readonly TimedKey[]>, clock: Pick<Clock, 'now'>): AppKeys {
  return {
    of(connector) {
      const now = clock.now();
      return (keys.get(connector) ?? []).flatMap(({ key, ...window }) => (isLive(window, now) ? [key] : []));
    },
  };
}
