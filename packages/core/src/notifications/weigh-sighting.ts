import { dayMs } from '../clock/day-of.ts';
import type { AlertParts } from './alert-parts.ts';
import type { AlertSignal, AlertSubject } from './alert-signal.ts';
import type { AlertEpisode, AlertState } from './alert-state.ts';
import { addToWindow, isEnough, isOver, sumOfWindow, type WindowPart } from './alert-window.ts';
import { type AlertPlace, readKnownState, writeKnownState } from './change-alert-state.ts';
import { comesAfter } from './comes-after.ts';
import { alertPlace, type CompiledAlertRule } from './compiled-alert-rules.ts';
import { keeperDispatch, nudgeKeeper } from './keeper-dispatch.ts';

/** What this process has seen for one rule and subject since it last looked. */
export interface Sighting {
  /** The tenant, or the hub's own scope for a rule of the operator. */
  readonly scope: string;
  readonly rule: CompiledAlertRule;
  readonly subject: AlertSubject;
  /** The latest. */
  readonly signal: AlertSignal;
  readonly trouble: number;
  readonly well: number;
  /** The last of it was the opposite. */
  readonly endsWell: boolean;
}

/** `look`: it may become one without anything more coming. `retry`: it could not be counted yet. */
export type Weighed = 'done' | 'look' | 'retry';

/** Milliseconds for which other processes may still tell what went well before a share counts. */
const settleMs = 15_000;

/** Races for one state before it is left for the next second. */
const raceTries = 10;

/** Holds what was seen against what all processes have seen, and opens the alert where it is enough. Nothing is written where nothing is wrong. */
export async function weighSighting(parts: AlertParts, sighting: Sighting): Promise<Weighed> {
  const { scope, rule, subject, signal } = sighting;
  const place = alertPlace(scope, rule, { tenant: signal.tenant, subject });
  let begun: string | null = null;
  for (let tries = 0; tries < raceTries; tries += 1) {
    const known = await readKnownState(parts, place);
    const { episode } = known.state;
    // Its keeper was faster, and has opened it with all that was seen here.
    if (begun !== null && episode?.id === begun) return 'done';
    if (episode?.phase === 'closing') return sighting.trouble > 0 ? 'retry' : 'done';
    if (episode?.phase === 'open') {
      const next = afterOpening(known.state, episode, { sighting, now: parts.clock.now() });
      if (next === null) return 'done';
      if (!(await writeKnownState(parts, place, { ...known, state: next }))) continue;
      if (next.episode !== null && next.episode.recoveredAt !== null && episode.recoveredAt === null)
        await nudge(parts, place, sighting, next.episode);
      return 'done';
    }
    const verdict = beforeOpening(known.state, { sighting, now: parts.clock.now() });
    if (verdict.is === 'enough') {
      const episode = await begin(parts, place, sighting, { before: known.state.episode, window: verdict.window });
      if (episode === null) return 'retry';
      begun = episode.id;
      if (!(await writeKnownState(parts, place, { ...known, state: { window: verdict.window, episode } }))) continue;
      giveOpened(parts, episode);
      return 'done';
    }
    if (verdict.window === null) return verdict.is;
    if (await writeKnownState(parts, place, { ...known, state: { ...known.state, window: verdict.window } })) return verdict.is;
  }
  return 'retry';
}

interface Seen {
  readonly sighting: Sighting;
  readonly now: number;
}

type Before =
  | { readonly is: 'done' | 'look'; readonly window: readonly WindowPart[] | null }
  | { readonly is: 'enough'; readonly window: readonly WindowPart[] };

/** What the window says while nothing is open; `window: null`: it stays as it is. */
function beforeOpening({ window }: AlertState, { sighting, now }: Seen): Before {
  const { rule, trouble, well, signal } = sighting;
  const { threshold } = rule.definition;
  const isShare = 'share' in threshold;
  const counted = addToWindow(window, { trouble, well: isShare ? well : 0, at: signal.at }, { threshold, now });
  // What went well matters only beside what did not.
  if (sumOfWindow(counted).trouble === 0) return { is: 'done', window: null };
  const first = counted.find((part) => part.trouble > 0);
  const isSettled = !isShare || (first !== undefined && now - first.at >= Math.min(settleMs, threshold.windowMs / 2));
  if (isEnough(counted, threshold) && isSettled) return { is: 'enough', window: counted };
  const is = isShare ? 'look' : 'done';
  return { is, window: trouble + (isShare ? well : 0) > 0 ? counted : null };
}

/** An open alert after what was seen; `null`: nothing changes. */
function afterOpening({ window }: AlertState, episode: AlertEpisode, { sighting, now }: Seen): AlertState | null {
  const { rule, trouble, well, signal } = sighting;
  const { threshold } = rule.definition;
  const counted = 'share' in threshold ? addToWindow(window, { trouble, well, at: signal.at }, { threshold, now }) : window;
  if (trouble > 0) {
    const { code, reference } = signal;
    const facts = { ...episode.facts, code: code ?? episode.facts.code, reference: reference ?? episode.facts.reference };
    const lastSeenAt = Math.max(episode.lastSeenAt, signal.at);
    const recoveredAt = sighting.endsWell && !('share' in threshold) ? Math.floor(now) : null;
    return { window: counted, episode: { ...episode, facts, lastSeenAt, occurrences: episode.occurrences + trouble, recoveredAt } };
  }
  if (well === 0) return null;
  const isRecovered = 'share' in threshold ? isOver(counted, threshold) : comesAfter(signal.at, { lastSeenAt: episode.lastSeenAt, now });
  const recoveredAt = isRecovered ? (episode.recoveredAt ?? Math.floor(now)) : episode.recoveredAt;
  if (recoveredAt === episode.recoveredAt && counted === window) return null;
  return { window: counted, episode: { ...episode, recoveredAt } };
}

/**
 * Puts the keeper of a new alert into the ledger: that is what makes it certain to be told, however many processes see the same at once. `null`: another
 * process has just done it.
 */
async function begin(
  { publisher, cache, generateId, clock }: AlertParts,
  place: AlertPlace,
  { rule, signal, subject, trouble, endsWell }: Sighting,
  { before, window }: { readonly before: AlertEpisode | null; readonly window: readonly WindowPart[] },
): Promise<AlertEpisode | null> {
  const { connector, connection, automation, endpoint, code, reference, tenant } = signal;
  const { severity } = rule.definition;
  const known = { connector, connection, automation, endpoint, code, reference };
  const facts = { tenant, rule: rule.name, severity, signal: signal.name, subject, ...known };
  const times = {
    openedAt: Math.floor(clock.now()),
    lastSeenAt: Math.floor(signal.at),
    recoveredAt: endsWell && !('share' in rule.definition.threshold) ? Math.floor(clock.now()) : null,
    acknowledged: null,
    toldAt: null,
  };
  const counts = { occurrences: Math.max(trouble, sumOfWindow(window).trouble), levels: 0, reminders: 0, heldBack: null, end: null };
  const episode: AlertEpisode = { id: generateId(), phase: 'open', facts, ...times, ...counts };
  const dispatch = keeperDispatch({ place, rule: rule.id, episode });
  // The one before is forgotten after a while, and what was first then has its key still.
  const after = before?.id ?? `first:${Math.floor(times.openedAt / dayMs)}`;
  const dedupe = { key: `${place.name}:${after}`, hash: null };
  const verdict = await publisher.ingest({ tenant: place.scope, root: episode.id, dedupe, event: null }, async (fresh) => {
    const { revision } = await cache.read(place.scope, { fresh });
    return { revision, considered: [], runs: [], dispatches: [dispatch] };
  });
  return verdict.status === 'created' ? episode : null;
}

/** It has recovered: whether that holds is looked at when it has been open for long enough. */
function nudge(parts: AlertParts, place: AlertPlace, { rule }: Sighting, episode: AlertEpisode): Promise<void> {
  const delayMs = Math.max(0, episode.openedAt + rule.definition.minimumOpenMs - parts.clock.now());
  return nudgeKeeper(parts, { place, rule: rule.id, episode }, delayMs);
}

/** Tells observers in this process that an alert has opened. */
export function giveOpened({ notify }: Pick<AlertParts, 'notify'>, { id: alertId, facts, openedAt: at }: AlertEpisode): void {
  const { tenant, rule, severity, signal, subject, code } = facts;
  notify('alert.opened', { tenant, alertId, rule, severity, signal, subject: `${subject.kind}:${subject.id}`, code, at });
}
