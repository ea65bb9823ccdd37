import type { JournalStore } from '../contracts/journal-store.ts';
import type { Json } from '../json/json.ts';
import { alertStream } from './alert-names.ts';
import type { AlertEpisode } from './alert-state.ts';

/** What has become of an alert at one time. */
export type AlertAct = 'opened' | 'escalated' | 'reminded' | 'held_back' | 'acknowledged' | 'resolved';

/** One entry of the history of alerts. */
export interface AlertActNote {
  readonly scope: string;
  /** A uuid of version 7; the same one twice is one entry. */
  readonly id: string;
  readonly act: AlertAct;
  readonly at: number;
  readonly episode: AlertEpisode;
  /** What else there is to say: who it was, why it is held back. */
  readonly details?: Readonly<Record<string, Json>>;
}

/** Writes an entry of the history of alerts. */
export function noteAlertAct(journal: Pick<JournalStore, 'append'>, { scope, id, act, at, episode, details }: AlertActNote): Promise<void> {
  const { tenant, rule, severity, signal, subject, connector, code } = episode.facts;
  const value = { tenant, rule, severity, signal, subject: { ...subject }, connector, code, occurrences: episode.occurrences, ...details };
  return journal.append([{ id, tenant: scope, stream: alertStream, subject: episode.id, verdict: act, at: Math.floor(at), value }]);
}
