import { setTimeout as pause } from 'node:timers/promises';
import type { SeededRandom } from '../../../core-tests/test/simulation/seeded-random.ts';
import type { Crew } from './crew.ts';
import type { EffectsProvider, ProviderMood } from './effects-provider.ts';

/** How workers are killed. */
export interface KillPlan {
  readonly crew: Crew;
  readonly provider: EffectsProvider;
  readonly kills: number;
  /** Effects over which the kills are spread. */
  readonly effects: number;
  readonly random: SeededRandom;
}

/**
 * Kills a random worker at a random one of each stretch of effects. The provider answers nobody until it has happened, so that every kill
 * finds work under way however fast the machine is; and one worker stays, to take over.
 */
export function killAtRandom({ crew, provider, kills, effects, random }: KillPlan): void {
  const stretch = Math.floor(effects / kills);
  let next = random.between(1, stretch - 1);
  const isOver = (): boolean => crew.killings.length >= kills || crew.all.every((worker) => worker.end() !== undefined);
  provider.decide = async (): Promise<ProviderMood> => {
    while (!isOver() && provider.effects.size >= next) {
      if (crew.serving().length < 2) {
        await pause(20);
        continue;
      }
      crew.replaceOne(random);
      next = crew.killings.length * stretch + random.between(1, stretch - 1);
    }
    return 'serve';
  };
}
