import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readBreaker } from '../../../core/src/gateway/resilience/breaker-state.ts';
import { type BreakerProcess, type BreakerStage, breakerStage, type Weather } from './breaker-stage.ts';

// A failure prints its seed; PATCHBAY_SEED repeats it, PATCHBAY_NIGHTLY looks longer.
const { PATCHBAY_SEED, PATCHBAY_NIGHTLY } = process.env;
const numRuns = PATCHBAY_NIGHTLY === '1' ? 10_000 : 500;

const processes = 3;
const leaseMs = 40_000;
const times = { firstOpenMs: 10_000, longestOpenMs: 80_000 };

type Operation =
  | { readonly kind: 'call'; readonly by: number; readonly weather: Weather; readonly times: number }
  | { readonly kind: 'begin'; readonly by: number }
  | { readonly kind: 'rush' }
  | { readonly kind: 'end'; readonly which: number; readonly weather: Weather | 'unsent' }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'die'; readonly by: number }
  | { readonly kind: 'reset'; readonly by: number };

const by = fc.nat({ max: processes - 1 });
const weather = fc.constantFrom<Weather>('works', 'fails', 'fails', 'fails', 'refuses');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('call'), by, weather, times: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('begin'), by }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rush') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('end'),
      which: fc.nat({ max: 9 }),
      weather: fc.oneof(weather, fc.constant('unsent' as const)),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass'), ms: fc.constantFrom(100, 900, 1_000, 4_900, 5_000, 9_000, 40_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die'), by }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reset'), by }) },
);

/** Most lives begin with a service that fails, so that there is something to probe. */
const outage: readonly Operation[] = [
  { kind: 'call', by: 0, weather: 'fails', times: 12 },
  { kind: 'pass', ms: 9_000 },
  { kind: 'pass', ms: 1_000 },
];
const life = fc
  .tuple(fc.constantFrom(outage, outage, []), fc.array(operation, { maxLength: 40 }))
  .map(([beginning, rest]): readonly Operation[] => [...beginning, ...rest]);

/** A call under way: whose it is, and until when it is the one probe; `null`: it began while the breaker was closed, or unheard of. */
interface UnderWay {
  readonly by: number;
  readonly end: (weather: Weather | 'unsent') => Promise<void>;
  readonly probeUntil: number | null;
}

/** What the breaker is, by the store alone: the model against which each call of each process is held. */
class Account {
  readonly #stage: BreakerStage;
  readonly #members: BreakerProcess[] = [];
  #underWay: UnderWay[] = [];
  #openSince = 0;
  #opens = 0;
  #closedAt = Number.NEGATIVE_INFINITY;
  #openUntil: number | null = null;
  /** When each process was refused last, since the breaker opened. */
  readonly #heard: (number | null)[] = [];
  /** Failures of each process since it last opened the breaker, and whose call ended last. */
  readonly #failures: number[] = [];
  #ender = 0;

  constructor(stage: BreakerStage) {
    this.#stage = stage;
    for (let member = 0; member < processes; member += 1) this.#members.push(stage.process());
  }

  async live(operations: readonly Operation[]): Promise<void> {
    for (const each of operations) {
      await this.#do(each);
      await this.#look();
    }
    await this.#recover();
  }

  async #do(each: Operation): Promise<void> {
    switch (each.kind) {
      case 'call':
        for (let turn = 0; turn < each.times; turn += 1) {
          const begun = await this.#begin(each.by);
          if (begun !== null) await this.#end(begun, each.weather);
          await this.#look();
        }
        return;
      case 'begin':
        await this.#begin(each.by);
        return;
      case 'rush':
        // All at one moment, as dispatches are claimed when a lane opens.
        await Promise.all(this.#members.map((_member, index) => this.#begin(index)));
        return;
      case 'end': {
        const begun = this.#underWay[each.which % Math.max(1, this.#underWay.length)];
        if (begun !== undefined) await this.#end(begun, each.weather);
        return;
      }
      case 'pass':
        await this.#stage.clock.advance(each.ms);
        return;
      case 'die':
        this.#members[each.by]?.die();
        this.#members[each.by] = this.#stage.process();
        this.#heard[each.by] = null;
        this.#failures[each.by] = 0;
        this.#underWay = this.#underWay.filter((begun) => begun.by !== each.by);
        return;
      case 'reset':
        await this.#members[each.by]?.breakers.reset('acme', this.#stage.connection);
    }
  }

  async #begin(member: number): Promise<UnderWay | null> {
    const now = this.#stage.clock.monotonic();
    const knows = this.#knows(member, now);
    const end = await this.#members[member]?.begin();
    if (end === undefined) throw new Error('There is no such process.');
    if (typeof end === 'number') {
      if (this.#openUntil === null) expect(now - this.#closedAt, 'refused although it has been closed').toBeLessThan(1_000);
      this.#heard[member] = now;
      return null;
    }
    const isHalfOpen = this.#openUntil !== null && now >= this.#openUntil;
    if (knows) {
      expect(isHalfOpen, 'let through although it is open').toBe(true);
      expect(this.#liveProbe(now), 'let a second probe through').toBe(false);
    }
    const begun = { by: member, end, probeUntil: knows ? now + leaseMs : null };
    this.#underWay.push(begun);
    return begun;
  }

  /** A process knows of an open breaker five seconds after it opened, and once it has been refused. */
  #knows(member: number, now: number): boolean {
    return this.#openUntil !== null && (now - this.#openSince >= 5_000 || this.#heard[member] != null);
  }

  #liveProbe(now: number): boolean {
    return this.#underWay.some(({ probeUntil }) => probeUntil !== null && probeUntil > now);
  }

  async #end(begun: UnderWay, how: Weather | 'unsent'): Promise<void> {
    this.#underWay = this.#underWay.filter((each) => each !== begun);
    this.#ender = begun.by;
    if (how === 'fails' && begun.probeUntil === null) this.#failures[begun.by] = this.#failuresOf(begun.by) + 1;
    await begun.end(how);
  }

  #failuresOf(member: number): number {
    return this.#failures[member] ?? 0;
  }

  /** Looks at what is stored: opened and closed as a breaker may, and the lane as it stands. */
  async #look(): Promise<void> {
    const { storage, clock, connection } = this.#stage;
    const [entry] = (await storage.states.list('acme', `breaker:${connection.id}:`, { cursor: null, limit: 10 })).entries;
    const state = readBreaker(entry?.value);
    const now = clock.monotonic();
    const start = clock.now() - now;
    const openUntil = state !== null && state.openUntil > 0 ? state.openUntil - start : null;
    if (openUntil !== this.#openUntil) this.#turn(openUntil, state?.opens ?? 0, now);
    if (state === null) this.#opens = 0;
    const lanes = await storage.gates.list('acme');
    if (openUntil === null) expect(lanes, 'a lane that stays closed').toEqual([]);
    else if (openUntil > now) expect(lanes, 'a lane that is open').toMatchObject([{ lane: 'connection:c1', reason: 'breaker' }]);
  }

  #turn(openUntil: number | null, opens: number, now: number): void {
    if (openUntil === null) this.#closedAt = now;
    else {
      const isAgain = this.#openUntil !== null || now - this.#closedAt < 600_000;
      expect(opens, 'counts otherwise than it opened').toBe(isAgain ? this.#opens + 1 : 1);
      expect(openUntil - now, 'is open for another time than it opens for').toBe(
        Math.min(times.longestOpenMs, times.firstOpenMs * 2 ** (opens - 1)),
      );
      this.#opens = opens;
      if (this.#openUntil === null) {
        expect(this.#failuresOf(this.#ender), 'opens after too few failures').toBeGreaterThanOrEqual(6);
        this.#failures[this.#ender] = 0;
        this.#openSince = now;
        this.#heard.fill(null);
      }
    }
    this.#openUntil = openUntil;
  }

  /** The service works from now on, and so does every process. */
  async #recover(): Promise<void> {
    for (const begun of this.#underWay) await begun.end('works');
    this.#underWay = [];
    await this.#stage.clock.advance(times.longestOpenMs + leaseMs);
    for (const member of this.#members) await member.call('works');
    await this.#stage.clock.advance(1_000);
    for (const member of this.#members) expect(await member.call('works'), 'does not recover').toBe(true);
  }
}

it('is one breaker to any number of processes, whatever becomes of them', { timeout: 600_000 }, async () => {
  const seed = PATCHBAY_SEED === undefined ? {} : { seed: Number(PATCHBAY_SEED) };
  await fc.assert(
    fc.asyncProperty(life, async (operations) => {
      const stage = breakerStage();
      await new Account(stage).live(operations);
      await stage.close();
    }),
    { numRuns, ...seed },
  );
});
