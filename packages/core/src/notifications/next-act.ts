import type { AlertRuleDefinition } from './alert-rule.ts';
import type { AlertEnd, AlertEpisode } from './alert-state.ts';

/** What is to be done about an open alert now. */
export type AlertNext =
  | { readonly does: 'close'; readonly why: AlertEnd }
  | { readonly does: 'tell'; readonly level: number }
  | { readonly does: 'remind' }
  | { readonly does: 'wait'; readonly forMs: number };

/** Longest sleep of a keeper, milliseconds: rules change meanwhile. */
const longestWait = 3_600_000;

/**
 * What is due for an open alert. Pure. An end comes first: nobody is told of what is over already. What recovers before its minimum time stays open until
 * then, so that what comes and goes is one alert. An acknowledged one is told no further.
 */
export function nextAct(definition: AlertRuleDefinition, episode: AlertEpisode, now: number): AlertNext {
  const { openedAt, lastSeenAt, recoveredAt, acknowledged, levels, toldAt } = episode;
  const { minimumOpenMs, resolveAfterMs, repeatEveryMs } = definition;
  const earliestEnd = openedAt + minimumOpenMs;
  const recovers = recoveredAt === null ? Number.POSITIVE_INFINITY : earliestEnd;
  const falls = resolveAfterMs === null ? Number.POSITIVE_INFINITY : Math.max(earliestEnd, lastSeenAt + resolveAfterMs);
  if (now >= recovers) return { does: 'close', why: 'recovered' };
  if (now >= falls) return { does: 'close', why: 'quiet' };
  const isOurs = acknowledged === null;
  const level = definition.levels[levels];
  const rises = isOurs && level !== undefined ? openedAt + level.afterMs : Number.POSITIVE_INFINITY;
  if (now >= rises) return { does: 'tell', level: levels };
  const reminds = isOurs && repeatEveryMs !== null && toldAt !== null ? toldAt + repeatEveryMs : Number.POSITIVE_INFINITY;
  if (now >= reminds) return { does: 'remind' };
  return { does: 'wait', forMs: Math.min(longestWait, Math.min(recovers, falls, rises, reminds) - now) };
}
