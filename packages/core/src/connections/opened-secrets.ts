import type { Clock } from '../clock/clock.ts';

/** An opened secret is kept in memory for at most this long, milliseconds. design.md: five minutes. */
const openedFor = 300_000;

/** Secrets that have been opened, for a while. */
export interface OpenedSecrets<Value> {
  /**
   * The secret of this place in this very version, opened at most once in five minutes however many ask at a time. Another version takes the
   * place of the one before, which is no longer held. A failure is not kept.
   */
  get(place: string, version: string, open: () => Promise<Value>): Promise<Value>;
  /** Lets go of what is held for a place. */
  forget(place: string): void;
}

interface Held<Value> {
  readonly version: string;
  readonly value: Promise<Value>;
  readonly until: number;
}

/** Makes an empty store for at most `maximum` secrets; the one opened first goes first. What is past its time goes with the next opening. */
export function createOpenedSecrets<Value>(options: {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly maximum: number;
}): OpenedSecrets<Value> {
  const { clock, maximum } = options;
  const held = new Map<string, Held<Value>>();

  const tidy = (now: number): void => {
    for (const [place, { until }] of held) {
      if (until > now && held.size <= maximum) break;
      held.delete(place);
    }
  };

  return {
    get(place, version, open) {
      const now = clock.monotonic();
      const known = held.get(place);
      if (known && known.version === version && known.until > now) return known.value;
      const value = open();
      const entry = { version, value, until: now + openedFor };
      held.delete(place);
      held.set(place, entry);
      tidy(now);
      value.catch(() => {
        if (held.get(place) === entry) held.delete(place);
      });
      return value;
    },
    forget: (place) => {
      held.delete(place);
    },
  };
}
