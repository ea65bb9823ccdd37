import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { type AlertSeverity, type AlertSignalName, alertSignalNames } from './alert-rule.ts';
import type { AlertSubject } from './alert-signal.ts';
import { readAlertWindow, type WindowPart, writeAlertWindow } from './alert-window.ts';

/** Why an alert is over. `recovered`: the opposite has come; `quiet`: nothing more came; `person`: somebody said so; `rule`: its rule has gone. */
export type AlertEnd = 'recovered' | 'quiet' | 'person' | 'rule';

/** What is known of the trouble. */
export interface AlertFacts {
  readonly tenant: string;
  readonly rule: string;
  readonly severity: AlertSeverity;
  readonly signal: AlertSignalName;
  readonly subject: AlertSubject;
  readonly connector: string | null;
  readonly connection: string | null;
  readonly automation: string | null;
  readonly endpoint: string | null;
  readonly code: string | null;
  readonly reference: string | null;
}

/** An alert that is open, or the last one. Times are milliseconds since 1970. */
export interface AlertEpisode {
  readonly id: string;
  /** `closing`: it is over, and that is being told. */
  readonly phase: 'open' | 'closing' | 'resolved';
  readonly facts: AlertFacts;
  readonly openedAt: number;
  readonly lastSeenAt: number;
  readonly occurrences: number;
  /** When the opposite came, with nothing since; `null`: it has not. */
  readonly recoveredAt: number | null;
  readonly acknowledged: { readonly by: string; readonly at: number } | null;
  /** Levels that were told. */
  readonly levels: number;
  readonly toldAt: number | null;
  readonly reminders: number;
  /** Why nobody is told at this moment; `null`: nothing keeps it back. */
  readonly heldBack: string | null;
  readonly end: { readonly why: AlertEnd; readonly at: number } | null;
}

/** What is kept of one rule and subject. */
export interface AlertState {
  readonly window: readonly WindowPart[];
  readonly episode: AlertEpisode | null;
}

/** Nothing yet. */
export const emptyAlertState: AlertState = { window: [], episode: null };

/**
 * The state as it is stored. `by` is of this one write: without it two processes that have seen the same would write the same, and each would take the
 * other's write for its own.
 */
export function writeAlertState({ window, episode }: AlertState, by: string): Json {
  if (episode === null) return { by, window: writeAlertWindow(window) };
  const { facts, acknowledged, end, ...rest } = episode;
  const { subject, ...known } = facts;
  const parts = { facts: { ...known, subject: { ...subject } }, acknowledged: acknowledged && { ...acknowledged }, end: end && { ...end } };
  return { by, window: writeAlertWindow(window), episode: { ...rest, ...parts } };
}

/** What {@link writeAlertState} wrote; an empty one for what is none. */
export function readAlertState(value: Json | undefined): AlertState {
  if (!isJsonObject(value)) return emptyAlertState;
  const { episode } = value;
  return { window: readAlertWindow(value['window']), episode: isJsonObject(episode) ? readEpisode(episode) : null };
}

/** An episode as {@link writeAlertState} wrote it; `null` for what is none. */
export function readEpisode(value: JsonObject): AlertEpisode | null {
  const { id, phase, facts, acknowledged, end } = value;
  const known = isJsonObject(facts) ? readFacts(facts) : null;
  if (typeof id !== 'string' || known === null) return null;
  return {
    id,
    phase: phase === 'closing' || phase === 'resolved' ? phase : 'open',
    facts: known,
    openedAt: Number(value['openedAt']),
    lastSeenAt: Number(value['lastSeenAt']),
    occurrences: Number(value['occurrences']),
    recoveredAt: timeOf(value['recoveredAt']),
    acknowledged: isJsonObject(acknowledged) ? { by: String(acknowledged['by']), at: Number(acknowledged['at']) } : null,
    levels: Number(value['levels']),
    toldAt: timeOf(value['toldAt']),
    reminders: Number(value['reminders']),
    heldBack: textOf(value['heldBack']),
    end: isJsonObject(end) ? { why: endOf(end['why']), at: Number(end['at']) } : null,
  };
}

function readFacts(value: JsonObject): AlertFacts | null {
  const { severity, subject } = value;
  const signal = alertSignalNames.find((name) => name === value['signal']);
  if (signal === undefined || !isJsonObject(subject)) return null;
  return {
    tenant: String(value['tenant']),
    rule: String(value['rule']),
    severity: severity === 'info' || severity === 'critical' ? severity : 'warning',
    signal,
    subject: { kind: kindOf(subject['kind']), id: String(subject['id']) },
    connector: textOf(value['connector']),
    connection: textOf(value['connection']),
    automation: textOf(value['automation']),
    endpoint: textOf(value['endpoint']),
    code: textOf(value['code']),
    reference: textOf(value['reference']),
  };
}

const kinds: readonly AlertSubject['kind'][] = [
  ...(['connection', 'connector', 'endpoint', 'subscriber', 'automation'] as const),
  ...(['registration', 'handler', 'tenant', 'rule'] as const),
];
const kindOf = (value: Json | undefined): AlertSubject['kind'] => kinds.find((kind) => kind === value) ?? 'rule';
const endOf = (value: Json | undefined): AlertEnd => (['recovered', 'quiet', 'person'] as const).find((why) => why === value) ?? 'rule';
const timeOf = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
