import type { ScheduleRule } from '../automation/automation-definition.ts';
import type { CronTimes } from './cron-times.ts';

/** The times of a schedule, and which of them count. */
export interface Ticks {
  readonly times: CronTimes;
  readonly isWanted: (tick: number) => boolean;
  /** Lets others have the event loop. */
  readonly turn: () => Promise<void>;
}

/** Times that nobody was there for. */
export interface MissedTicks {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** What a look at the times found. */
export interface DueTicks {
  /** To be fired, the oldest first. */
  readonly fire: readonly number[];
  readonly missed: MissedTicks | null;
  /** The last time that was looked at, wanted or not; `null` where none has come. */
  readonly passed: number | null;
}

/** Milliseconds after which a time counts as missed by who looks after it. */
export const lateAfterMs = 60_000;

/** Most that `all` fires where the rule says nothing. */
export const usualCatchUpLimit = 100;

/** Times that are looked at one by one; of more, those of the last day. A year of minutes is half a million. */
const mostTicks = 2_000;
const jumpToMs = 86_400_000;

/** Times looked at between two turns of the event loop; each costs about a tenth of a millisecond. */
const ticksOfTurn = 100;

/** Days without a wanted time that are passed over on the way to the next. */
const mostDays = 3_000;

/** Looks at the times after `after` up to `now`: which fire, and which are missed, as the rule's catch-up says. */
export async function dueTicks(
  ticks: Ticks,
  rule: Pick<ScheduleRule, 'catchUp' | 'catchUpLimit'>,
  { after, now }: { readonly after: number; readonly now: number },
): Promise<DueTicks> {
  let due: number[] = [];
  let dropped: MissedTicks | null = null;
  let passed: number | null = null;
  for await (const { tick, isWanted } of walk(ticks, after, now)) {
    passed = tick;
    if (isWanted) due.push(tick);
    if (due.length < mostTicks || dropped !== null || tick >= now - jumpToMs) continue;
    dropped = missedOf(due);
    due = [];
    for await (const later of walk(ticks, Math.max(tick, now - jumpToMs), now)) {
      passed = later.tick;
      if (later.isWanted) due.push(later.tick);
    }
    break;
  }
  const fire = chosen(due, rule, now);
  const left = new Set(fire);
  return { fire, missed: joined(dropped, missedOf(due.filter((tick) => !left.has(tick)))), passed };
}

/** The first wanted time after `after`; `null` where none is within reach. */
export async function nextTick(ticks: Ticks, after: number): Promise<number | null> {
  for await (const { tick, isWanted } of walk(ticks, after, Number.POSITIVE_INFINITY)) if (isWanted) return tick;
  return null;
}

interface Step {
  readonly tick: number;
  readonly isWanted: boolean;
}

/** The times in order. Of a day that is not wanted the first alone is looked at. */
async function* walk({ times, isWanted, turn }: Ticks, after: number, to: number): AsyncGenerator<Step> {
  let at = after;
  for (let steps = 1, days = 0; days < mostDays; steps += 1) {
    if (steps % ticksOfTurn === 0) await turn();
    const tick = times.next(at);
    if (tick === null || tick > to) return;
    const wanted = isWanted(tick);
    yield { tick, isWanted: wanted };
    days = wanted ? 0 : days + 1;
    // The first moment of a day may be a time itself.
    at = wanted ? tick : Math.max(tick, times.nextDay(tick) - 1_000);
  }
}

function chosen(
  due: readonly number[],
  { catchUp = 'once', catchUpLimit = usualCatchUpLimit }: ScheduleRulePart,
  now: number,
): readonly number[] {
  const inTime = due.filter((tick) => now - tick <= lateAfterMs);
  const late = due.slice(0, due.length - inTime.length);
  if (catchUp === 'all') return [...late.slice(-catchUpLimit), ...inTime];
  // One that comes in time stands for those before it.
  return catchUp === 'once' && inTime.length === 0 ? late.slice(-1) : inTime;
}

type ScheduleRulePart = Pick<ScheduleRule, 'catchUp' | 'catchUpLimit'>;

function missedOf(ticks: readonly number[]): MissedTicks | null {
  const [first] = ticks;
  const last = ticks.at(-1);
  return first === undefined || last === undefined ? null : { count: ticks.length, first, last };
}

function joined(before: MissedTicks | null, after: MissedTicks | null): MissedTicks | null {
  if (before === null || after === null) return before ?? after;
  return { count: before.count + after.count, first: before.first, last: after.last };
}
