import type { SeededRandom } from '../../../core-tests/test/simulation/seeded-random.ts';
import type { Crew } from './crew.ts';
import type { EffectsProvider } from './effects-provider.ts';

/** How workers are killed. */
export interface KillPlan {
  readonly crew: Crew;
  readonly provider: EffectsProvider;
  readonly kills: number;
  /** Deliveries over which the kills are spread, each with two effects. */
  readonly deliveries: number;
  readonly random: SeededRandom;
}

/** Killing under way. */
export interface Killer {
  /** How many deliveries may be sent by now, so that there is work under way at every kill however long a new worker takes. */
  readonly mayStart: () => number;
}

/** Milliseconds without an effect: longer than a lease, its takeover, and the start of a worker. */
const stalledAfterMs = 40_000;

/** Kills a random worker at a random request of each stretch of deliveries. One worker stays, to take over. */
export function killAtRandom({ crew, provider, kills, deliveries, random }: KillPlan): Killer {
  // One stretch is left for after the last kill: what is still to be sent finds its worker at work.
  const stretch = Math.floor(deliveries / (kills + 1));
  const drawNext = (): number => 2 * crew.killings.length * stretch + random.between(1, 2 * stretch - 1);
  let next = drawNext();
  const isDue = (): boolean => provider.effects.size >= next;
  let lastEffectAt = performance.now();
  provider.applied = () => {
    lastEffectAt = performance.now();
  };
  const isPossible = (): boolean => crew.serving().length >= 2;
  provider.decide = () => {
    if (crew.killings.length < kills && isDue() && isPossible()) {
      crew.replaceOne(random);
      next = drawNext();
    }
    return 'serve';
  };
  return {
    mayStart() {
      // Where effects are lost the next kill never comes; then the rest is sent, and the account says what is missing.
      const isStalled = performance.now() - lastEffectAt > stalledAfterMs;
      if (crew.killings.length >= kills || isStalled) return deliveries;
      return (crew.killings.length + (isDue() && isPossible() ? 2 : 1)) * stretch;
    },
  };
}
