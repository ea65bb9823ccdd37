import type { Executor, Outcome, Work } from '../contracts/executor.ts';
import { keeperPolicy } from '../dispatch/keeper-policy.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import { noteAlertAct } from './alert-journal.ts';
import { notificationHandler } from './alert-names.ts';
import type { AlertParts } from './alert-parts.ts';
import type { AlertEnd, AlertEpisode } from './alert-state.ts';
import { type AlertPlace, changeAlertState } from './change-alert-state.ts';
import { type CompiledAlertRule, compiledAlertRules } from './compiled-alert-rules.ts';
import { heldBack } from './held-back.ts';
import { type KeeperInput, readKeeperInput } from './keeper-dispatch.ts';
import { nextAct } from './next-act.ts';
import { tell } from './tell.ts';
import { giveOpened } from './weigh-sighting.ts';

/** Milliseconds for which rules are used without asking the store whether they have changed. */
const trustedFor = 1_000;

/** Acts of one look; what is left is for the next. */
const mostActs = 20;

/** Executes what looks after open alerts. Each step is decided from the stored state when it is due, so a restart or a second look changes nothing. */
export function createKeeperExecutor(parts: AlertParts): Executor {
  return {
    handler: notificationHandler,
    policy: () => keeperPolicy,
    async execute(work) {
      const input = readKeeperInput(work.dispatch.input);
      if (input === null) return unreadable(work);
      try {
        return await look(parts, work, input);
      } catch (error) {
        // The store is away, or others are faster: every step may be repeated.
        return { outcome: 'failed', error: toErrorRecord(error), retryable: true };
      }
    },
  };
}

/** A telling whose channel has gone, with the reason. */
function unreadable({ dispatch }: Work): Outcome {
  const written: unknown = dispatch.input === null ? null : JSON.parse(dispatch.input);
  const fault = isJsonObject(written) && isJsonObject(written['fault']) ? written['fault'] : {};
  const { code = 'unsupported', message = 'This version cannot read it. Update the package.' } = fault;
  return { outcome: 'failed', error: { code: String(code), message: String(message) }, retryable: false };
}

const done: Outcome = { outcome: 'succeeded', output: null };

interface Kept {
  readonly place: AlertPlace;
  readonly id: string;
  /** `null`: it was deleted or disabled, or this version cannot read it. */
  readonly rule: CompiledAlertRule | null;
}

async function look(parts: AlertParts, { dispatch }: Work, input: KeeperInput): Promise<Outcome> {
  const place = { scope: dispatch.key.tenant, name: input.name };
  const configuration = await parts.cache.recent(place.scope, trustedFor);
  const rule = compiledAlertRules(configuration, parts.memory).find(({ id }) => id === input.rule) ?? null;
  const kept = { place, id: input.episode.id, rule };
  let episode = await opened(parts, kept, input.episode);
  for (let acts = 0; acts < mostActs && episode !== null; acts += 1) {
    if (episode.phase === 'closing') return finish(parts, kept, episode);
    const next = rule === null ? ({ does: 'close', why: 'rule' } as const) : nextAct(rule.definition, episode, parts.clock.now());
    if (next.does === 'wait') return later(dispatch.key.path, next.forMs, 'waits');
    if (next.does === 'close') {
      episode = await close(parts, kept, { why: next.why, seen: episode });
      continue;
    }
    if (rule === null) return done;
    const levels = [next.does === 'tell' ? next.level : Math.max(0, episode.levels - 1)];
    const held = await heldBack(parts, { scope: place.scope, rule, episode, levels });
    if (held) {
      await holdBack(parts, kept, held.reason);
      return later(dispatch.key.path, held.lookInMs, 'held_back');
    }
    episode = await tellNow(parts, { ...kept, rule }, { episode, level: next.does === 'tell' ? next.level : null });
  }
  return episode === null ? done : later(dispatch.key.path, 1_000, 'waits');
}

/** The keeper itself comes back; who was sent to look once does not. */
const later = (path: string, delayMs: number, reason: string): Outcome =>
  path === 'keep' ? { outcome: 'deferred', delayMs: Math.max(1, Math.ceil(delayMs)), reason } : done;

/** The alert as it stands; opened here where the process that began it has not come to it. `null`: it is over. */
async function opened(parts: AlertParts, { place, id }: Kept, first: AlertEpisode): Promise<AlertEpisode | null> {
  const { state, isChanged } = await changeAlertState(parts, place, ({ window, episode }) => {
    const isAnother = episode !== null && (episode.id === id || episode.phase !== 'resolved' || episode.openedAt > first.openedAt);
    return isAnother ? null : { window, episode: first };
  });
  const { episode } = state;
  if (isChanged && episode) giveOpened(parts, episode);
  if (episode?.id !== id || episode.phase === 'resolved') return null;
  // Its id makes it one entry, however often it is looked at.
  if (episode.levels === 0)
    await noteAlertAct(parts.storage.journal, { scope: place.scope, id, act: 'opened', at: episode.openedAt, episode });
  return episode;
}

/** Changes the episode while it is this one and open; `null` where it is over. */
async function change(
  parts: AlertParts,
  { place, id }: Kept,
  decide: (episode: AlertEpisode) => AlertEpisode,
): Promise<AlertEpisode | null> {
  const { state } = await changeAlertState(parts, place, ({ window, episode }) =>
    episode?.id === id && episode.phase === 'open' ? { window, episode: decide(episode) } : null,
  );
  return state.episode?.id === id && state.episode.phase !== 'resolved' ? state.episode : null;
}

/** Ends it, unless something has come since it was looked at. */
function close(
  parts: AlertParts,
  kept: Kept,
  { why, seen }: { readonly why: AlertEnd; readonly seen: AlertEpisode },
): Promise<AlertEpisode | null> {
  const at = Math.floor(parts.clock.now());
  return change(parts, kept, (episode) =>
    episode.occurrences === seen.occurrences ? { ...episode, phase: 'closing', end: { why, at } } : episode,
  );
}

async function tellNow(
  parts: AlertParts,
  kept: Kept & { readonly rule: CompiledAlertRule },
  { episode, level }: { readonly episode: AlertEpisode; readonly level: number | null },
): Promise<AlertEpisode | null> {
  const { scope } = kept.place;
  const { rule } = kept;
  const kind = level === null ? 'reminded' : level === 0 ? 'opened' : 'escalated';
  const name = level === null ? `reminder.${episode.reminders}` : `level.${level}`;
  const id = await tell(parts, { scope, rule, episode, kind, name, levels: [level ?? Math.max(0, episode.levels - 1)] });
  const at = Math.floor(parts.clock.now());
  if (kind !== 'opened') await noteAlertAct(parts.storage.journal, { scope, id, act: kind, at, episode });
  return change(parts, kept, (now) => ({
    ...now,
    levels: level === null ? now.levels : Math.max(now.levels, level + 1),
    reminders: level === null ? Math.max(now.reminders, episode.reminders + 1) : now.reminders,
    toldAt: at,
    heldBack: null,
  }));
}

async function holdBack(parts: AlertParts, kept: Kept, reason: string): Promise<void> {
  const { scope } = kept.place;
  const { state, isChanged } = await changeAlertState(parts, kept.place, ({ window, episode }) =>
    episode?.id === kept.id && episode.phase === 'open' && episode.heldBack !== reason
      ? { window, episode: { ...episode, heldBack: reason } }
      : null,
  );
  if (!isChanged || !state.episode) return;
  const note = { scope, id: parts.generateId(), act: 'held_back' as const, at: parts.clock.now(), episode: state.episode };
  await noteAlertAct(parts.storage.journal, { ...note, details: { reason } });
}

/** Tells those who were told that it is over, and lets the next one open. */
async function finish(parts: AlertParts, { place, id, rule }: Kept, episode: AlertEpisode): Promise<Outcome> {
  const { scope } = place;
  const told = Array.from({ length: episode.levels }, (_, level) => level);
  const isTold = rule?.definition.tellResolved === true && told.length > 0;
  const entry = isTold ? await tell(parts, { scope, rule, episode, kind: 'resolved', name: 'resolved', levels: told }) : parts.generateId();
  const { end } = episode;
  const at = end?.at ?? Math.floor(parts.clock.now());
  const why = end?.why ?? 'rule';
  const { isChanged } = await changeAlertState(parts, place, (state) =>
    state.episode?.id === id && state.episode.phase === 'closing' ? { window: [], episode: { ...state.episode, phase: 'resolved' } } : null,
  );
  if (!isChanged) return done;
  await noteAlertAct(parts.storage.journal, { scope, id: entry, act: 'resolved', at, episode, details: { why } });
  const { tenant, rule: name, severity } = episode.facts;
  parts.notify('alert.resolved', { tenant, alertId: id, rule: name, severity, why, openedAt: episode.openedAt, at });
  return done;
}
