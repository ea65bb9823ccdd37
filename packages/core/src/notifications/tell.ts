import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { buildEvent, toHubEvent } from '../events/build-event.ts';
import { eventData } from '../events/event-data.ts';
import { alertJson, alertOf } from './alert.ts';
import type { AlertParts } from './alert-parts.ts';
import type { AlertChannel } from './alert-rule.ts';
import type { AlertEpisode } from './alert-state.ts';
import { channelDispatch } from './channel-dispatch.ts';
import type { CompiledAlertRule } from './compiled-alert-rules.ts';

/** What is told of an alert. */
export type TellingKind = 'opened' | 'escalated' | 'reminded' | 'resolved';

/** One telling of an alert, through some channels. */
export interface Occasion {
  readonly scope: string;
  readonly rule: CompiledAlertRule;
  readonly episode: AlertEpisode;
  readonly kind: TellingKind;
  /** Which of its kind it is: `level.0`, `reminder.3`. What is named so has been told once and for all. */
  readonly name: string;
  /** Levels whose channels are told. */
  readonly levels: readonly number[];
}

/**
 * Tells an alert: one event, and one dispatch for each channel, in one commit. Telling the same occasion again changes nothing, whoever does it. Answers
 * the event's id. No automation and no subscriber sees the event, so that no alert can bring about another.
 */
export async function tell(parts: AlertParts, occasion: Occasion): Promise<string> {
  const { publisher, cache, clock, generateId } = parts;
  const { scope: tenant, rule, episode, kind, name, levels } = occasion;
  const { bytes, data } = eventData(alertJson(alertOf(episode)), 'The alert');
  const id = generateId();
  const event = buildEvent({
    ...{ tenant, id, type: `patchbay.alert.${kind}`, time: Math.floor(clock.now()), subject: episode.id, correlation: episode.id },
    ...{ class: 'system', severity: episode.facts.severity, data: bytes },
  });
  const dedupe = { key: `alert:${episode.id}:${name}`, hash: null };
  const verdict = await publisher.ingest({ tenant, root: id, dedupe, event }, async (fresh) => {
    const configuration = await cache.read(tenant, { fresh });
    const hubEvent = toHubEvent(event, data);
    const dispatches = channelsOf(rule, levels).map(
      (channel, index): NewDispatch =>
        channelDispatch(parts, { ...channel, index, rule: rule.id, episode, event: hubEvent, configuration }),
    );
    return { revision: configuration.revision, considered: [], runs: [], dispatches };
  });
  return verdict.status === 'created' ? id : verdict.root;
}

/** The channels of some levels, each once. */
function channelsOf({ definition, inputs }: CompiledAlertRule, levels: readonly number[]) {
  const found = levels.flatMap((level) =>
    (definition.levels[level]?.channels ?? []).map((channel, place) => ({ channel, template: inputs[level]?.[place] ?? null })),
  );
  return [...new Map(found.map((each) => [JSON.stringify(each.channel), each])).values()];
}

/** What a channel is counted under. */
export function channelKey(channel: AlertChannel): string {
  if ('host' in channel) return `host:${channel.host}`;
  return 'endpoint' in channel ? `endpoint:${channel.endpoint}` : `action:${channel.action}:${channel.connection}`;
}
