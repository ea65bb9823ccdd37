import type { SeededRandom } from './seeded-random.ts';

/** What a provider's answer can come to. */
export type ProviderMood =
  | 'serves'
  | 'limits'
  | 'is_away'
  | 'fails_before'
  | 'fails_after'
  | 'hangs_before'
  | 'hangs_after'
  | 'resets_before'
  | 'resets_after'
  | 'unreachable'
  | 'applies_late'
  | 'refuses';

/** How bad a history gets: probabilities per call, and how often things happen to it. */
export interface Weather {
  readonly processes: number;
  /** Of dying right before or right after a call. */
  readonly death: number;
  /** Of a call that happens and whose answer is an error. */
  readonly lostAnswer: number;
  /** Of a call that fails before it happens. */
  readonly refusedCall: number;
  /** Of a call that takes up to 30 ms each way. */
  readonly slowCall: number;
  /** Of a call that takes up to twice the lease, one way or the other. */
  readonly verySlowCall: number;
  readonly lostWake: number;
  readonly kills: number;
  readonly stalls: number;
  readonly clockJumps: number;
  readonly gracefulStops: number;
  readonly events: number;
  readonly calls: number;
  readonly operations: number;
  readonly configurationChanges: number;
  /** Of the configuration changing between a plan and its commit. */
  readonly restless: number;
  /** Of a process that does not have the subscriber. */
  readonly withoutSubscriber: number;
  readonly gateChanges: number;
  /** Whether the first order holds something that kills whoever executes it. */
  readonly poison: boolean;
  readonly moods: Readonly<Record<ProviderMood, number>>;
}

const calmMoods: Readonly<Record<ProviderMood, number>> = {
  serves: 100,
  limits: 0,
  is_away: 0,
  fails_before: 0,
  fails_after: 0,
  hangs_before: 0,
  hangs_after: 0,
  resets_before: 0,
  resets_after: 0,
  unreachable: 0,
  applies_late: 0,
  refuses: 0,
};

/** Nothing goes wrong but what is asked for. */
export const calm: Weather = {
  processes: 2,
  death: 0,
  lostAnswer: 0,
  refusedCall: 0,
  slowCall: 0,
  verySlowCall: 0,
  lostWake: 0,
  kills: 0,
  stalls: 0,
  clockJumps: 0,
  gracefulStops: 0,
  events: 6,
  calls: 2,
  operations: 0,
  configurationChanges: 0,
  restless: 0,
  withoutSubscriber: 0,
  gateChanges: 0,
  poison: false,
  moods: calmMoods,
};

/** Each kind of trouble is there or not, so that it is seen alone, in pairs, and all together. */
export function drawWeather(random: SeededRandom): Weather {
  const maybe = (likely: number, draw: () => number): number => (random.chance(likely) ? draw() : 0);
  const moods: Record<ProviderMood, number> = { ...calmMoods };
  const sick = random.chance(0.7);
  // The names are those of the record.
  for (const mood of Object.keys(moods) as ProviderMood[])
    if (mood !== 'serves' && sick && random.chance(0.5)) moods[mood] = random.between(1, 40);
  return {
    processes: random.between(1, 3),
    death: maybe(0.4, () => random.pick([0.002, 0.005, 0.02])),
    lostAnswer: maybe(0.4, () => random.pick([0.005, 0.02, 0.1])),
    refusedCall: maybe(0.3, () => random.pick([0.005, 0.02, 0.1])),
    slowCall: maybe(0.5, () => random.pick([0.1, 0.5])),
    verySlowCall: maybe(0.2, () => 0.01),
    lostWake: random.pick([0, 0, 0.5, 1]),
    kills: maybe(0.4, () => random.between(1, 4)),
    stalls: maybe(0.4, () => random.between(1, 3)),
    clockJumps: maybe(0.3, () => random.between(1, 3)),
    gracefulStops: maybe(0.4, () => random.between(1, 3)),
    events: random.between(2, 8),
    calls: random.between(0, 5),
    operations: maybe(0.5, () => random.between(2, 8)),
    configurationChanges: maybe(0.4, () => random.between(1, 4)),
    restless: maybe(0.2, () => random.pick([0.2, 0.8])),
    withoutSubscriber: maybe(0.3, () => 0.5),
    gateChanges: maybe(0.4, () => random.between(1, 4)),
    poison: random.chance(0.1),
    moods,
  };
}
