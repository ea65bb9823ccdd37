import type { Json } from '../json/json.ts';
import { alertStateName, channelStateName } from './alert-names.ts';
import type { AlertParts } from './alert-parts.ts';
import type { AlertEpisode } from './alert-state.ts';
import { readKnownState } from './change-alert-state.ts';
import { type CompiledAlertRule, compiledAlertRules } from './compiled-alert-rules.ts';
import { keepsBack, readSuppressions } from './suppression.ts';
import { channelKey } from './tell.ts';
import { usedSince } from './used-since.ts';

/** What keeps an alert from being told, and after how many milliseconds to look again. */
export interface HeldBack {
  readonly reason: string;
  readonly lookInMs: number;
}

/** Milliseconds after which it is looked at again: a suppression may be ended by hand. */
const lookAgainMs = 60_000;

/** What is about to be told. */
export interface AboutToTell {
  readonly scope: string;
  readonly rule: CompiledAlertRule;
  readonly episode: AlertEpisode;
  readonly levels: readonly number[];
}

/**
 * Why it cannot be told now; `null`: it can. A suppression, an open alert of its whole connector, or a channel that was used too often of late. Where it
 * can, the places in its channels are taken.
 */
export async function heldBack(parts: AlertParts, about: AboutToTell): Promise<HeldBack | null> {
  const { scope, episode, rule, levels } = about;
  const now = parts.clock.now();
  const suppressions = await readSuppressions(parts.storage.states, scope);
  const suppression = suppressions.find((each) => keepsBack(each, episode.facts, now));
  if (suppression) return { reason: `suppressed:${suppression.id}`, lookInMs: Math.min(lookAgainMs, suppression.until - now) };
  const above = await openAlertOfConnector(parts, about);
  if (above !== null) return { reason: `alert:${above}`, lookInMs: lookAgainMs };
  const channels = new Set(levels.flatMap((level) => (rule.definition.levels[level]?.channels ?? []).map(channelKey)));
  for (const channel of channels) {
    const lookInMs = await takeRoom(parts, scope, channel);
    if (lookInMs > 0) return { reason: `channel:${channel}`.slice(0, 300), lookInMs };
  }
  return null;
}

/** Where a whole connector is in trouble, its connections are too, and nobody needs to be told of each. */
async function openAlertOfConnector(parts: AlertParts, { scope, episode }: AboutToTell): Promise<string | null> {
  const { connector, subject } = episode.facts;
  if (connector === null || subject.kind === 'connector') return null;
  const rules = compiledAlertRules(await parts.cache.read(scope), parts.memory);
  for (const { id, definition } of rules) {
    if (definition.per !== 'connector') continue;
    const { state } = await readKnownState(parts, { scope, name: alertStateName(id, { kind: 'connector', id: connector }) });
    if (state.episode?.phase === 'open') return state.episode.id;
  }
  return null;
}

/** Takes a place in a channel; answers 0, or the milliseconds until there is one. */
async function takeRoom({ storage: { states }, generateId, clock, room }: AlertParts, tenant: string, channel: string): Promise<number> {
  const name = channelStateName(channel).slice(0, 400);
  for (let tries = 0; tries < 20; tries += 1) {
    const entry = await states.read(tenant, name);
    const now = Math.floor(clock.now());
    const used = usedSince(entry?.value, room, now);
    const [oldest = now] = used;
    if (used.length >= room.count) return Math.max(1, oldest + room.windowMs - now);
    const value: Json = { by: generateId(), used: [...used, now] };
    const [verdict] = await states.write([{ tenant, name, expect: entry?.version ?? 'absent', value }]);
    if (verdict?.status === 'written') return 0;
  }
  return 1_000;
}
