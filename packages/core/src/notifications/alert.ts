import type { Json } from '../json/json.ts';
import type { AlertEnd, AlertEpisode, AlertFacts } from './alert-state.ts';

/** An alert as it is shown and told. Ids, names, figures and the code of an error: never a payload or a secret. Times are milliseconds since 1970. */
export interface Alert extends AlertFacts {
  readonly id: string;
  readonly status: 'open' | 'resolved';
  /** One sentence for a person. */
  readonly text: string;
  readonly openedAt: number;
  readonly lastSeenAt: number;
  /** How often it was seen since it opened, over all processes. */
  readonly occurrences: number;
  /** Who has taken it on, which stops escalation and reminders; `null`: nobody. */
  readonly acknowledged: { readonly by: string; readonly at: number } | null;
  /** Levels that were told so far. */
  readonly levels: number;
  /** Why nobody is told at this moment, where something keeps it back. */
  readonly heldBack: string | null;
  /** `null` while it is open. */
  readonly resolved: { readonly why: AlertEnd; readonly at: number } | null;
}

/** What is told: the alert as it stands now. */
export function alertOf(episode: AlertEpisode): Alert {
  const { id, phase, facts, openedAt, lastSeenAt, occurrences, acknowledged, levels, heldBack, end } = episode;
  const status = phase === 'open' ? 'open' : 'resolved';
  const times = { openedAt, lastSeenAt, occurrences, acknowledged, levels, heldBack };
  return { id, status, text: textOf(episode), ...facts, ...times, resolved: phase === 'open' ? null : end };
}

function textOf({ phase, facts, occurrences }: AlertEpisode): string {
  const { rule, signal, subject, connector, code } = facts;
  const thing = subject.kind === 'rule' ? '' : ` of ${subject.kind} ${subject.id}`;
  const service = connector === null || subject.kind === 'connector' ? '' : ` (${connector})`;
  const state = phase === 'open' ? `${occurrences} ${occurrences === 1 ? 'time' : 'times'}` : 'over';
  return shown(`${rule}: ${signal}${thing}${service}, ${state}${code === null ? '' : `, last code ${codeOf(code)}`}.`);
}

/** Code of others can throw any text as a code, such as a service's own words. */
const codeOf = (code: string): string => (/^[\w.-]{1,100}$/.test(code) ? code : 'unknown');

/** Line ends, other control characters, and marks that turn the reading round: a name with one would forge lines, or be refused as the subject of a mail. */
const unfit = /[\p{Cc}\p{Cs}\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** Longest text, characters: names and ids are shorter. */
const longest = 500;

const shown = (text: string): string => text.slice(0, longest).replace(unfit, ' ');

/** The alert as JSON, for events and inputs. */
export function alertJson(alert: Alert): Json {
  const { subject, acknowledged, resolved, ...rest } = alert;
  return {
    ...rest,
    subject: { ...subject },
    acknowledged: acknowledged && { ...acknowledged },
    resolved: resolved && { ...resolved },
  };
}
