import type { StatePage } from '../contracts/state-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isUuid } from '../id/is-uuid.ts';
import { type Alert, alertOf } from '../notifications/alert.ts';
import { noteAlertAct } from '../notifications/alert-journal.ts';
import { alertStates } from '../notifications/alert-names.ts';
import { type AlertEpisode, readAlertState } from '../notifications/alert-state.ts';
import { changeAlertState } from '../notifications/change-alert-state.ts';
import { nudgeKeeper, type PlacedAlert } from '../notifications/keeper-dispatch.ts';
import { notFound } from './not-found.ts';
import { recordAct } from './record-act.ts';
import type { TenantScope } from './tenant-services.ts';

/** The alerts that are open, the longest first. */
export async function openAlerts(scope: TenantScope): Promise<readonly Alert[]> {
  await scope.ready();
  const found: Alert[] = [];
  for await (const { episode } of placedAlerts(scope)) if (episode.phase === 'open') found.push(alertOf(episode));
  return found.sort((left, right) => left.openedAt - right.openedAt || (left.id < right.id ? -1 : 1));
}

/** Takes an alert on: it is told no further and not again, but for its end. An alert that somebody has taken on already stays theirs. */
export async function acknowledgeAlert(scope: TenantScope, id: string): Promise<Alert> {
  const placed = await placedAlert(scope, id);
  const { kind, id: name } = scope.recorder.actor;
  await recordAct(scope, { action: 'alert.acknowledge', object: { type: 'alert', id } });
  const at = Math.floor(scope.clock.now());
  const by = name === '' ? kind : `${kind}:${name}`;
  return change(scope, placed, {
    act: 'acknowledged',
    decide: (episode) => (episode.acknowledged === null ? { ...episode, acknowledged: { by, at } } : null),
  });
}

/** Says that an alert is over. Who was told of it is told of the end; the next occurrence opens another. */
export async function resolveAlert(scope: TenantScope, id: string): Promise<Alert> {
  const placed = await placedAlert(scope, id);
  await recordAct(scope, { action: 'alert.resolve', object: { type: 'alert', id } });
  const at = Math.floor(scope.clock.now());
  const decide = (episode: AlertEpisode): AlertEpisode => ({ ...episode, phase: 'closing', end: { why: 'person', at } });
  const alert = await change(scope, placed, { act: null, decide });
  await nudgeKeeper(scope.alerts.parts, placed, 0);
  return alert;
}

interface AlertChange {
  /** What the history says; `null`: the keeper writes it. */
  readonly act: 'acknowledged' | null;
  readonly decide: (episode: AlertEpisode) => AlertEpisode | null;
}

async function change(scope: TenantScope, { place, episode: seen }: PlacedAlert, { act, decide }: AlertChange): Promise<Alert> {
  const { state, isChanged } = await changeAlertState(scope.alerts.parts, place, ({ window, episode }) => {
    const next = episode?.id === seen.id && episode.phase === 'open' ? decide(episode) : null;
    return next === null ? null : { window, episode: next };
  });
  const { episode } = state;
  if (episode?.id !== seen.id || (!isChanged && episode.phase !== 'open')) throw ended();
  const note = { scope: scope.tenant, id: scope.generateId(), at: scope.clock.now(), episode };
  if (isChanged && act !== null)
    await noteAlertAct(scope.storage.journal, { ...note, act, details: { by: episode.acknowledged?.by ?? '' } });
  return alertOf(episode);
}

function ended(): PatchbayError {
  return new PatchbayError({ code: 'conflict', message: 'The alert has ended at this moment. Look at the history of alerts.' });
}

/** The open alert of an id. Throws `not_found`. */
async function placedAlert(scope: TenantScope, id: string): Promise<PlacedAlert> {
  await scope.ready();
  if (isUuid(id))
    for await (const placed of placedAlerts(scope)) if (placed.episode.id === id && placed.episode.phase === 'open') return placed;
  throw notFound('alert');
}

async function* placedAlerts({ tenant, storage }: TenantScope): AsyncIterable<PlacedAlert> {
  for (let cursor: string | null = null; ; ) {
    const page: StatePage = await storage.states.list(tenant, alertStates, { cursor, limit: 500 });
    for (const { name, value } of page.entries) {
      const { episode } = readAlertState(value);
      const [rule = ''] = name.slice(alertStates.length).split(':', 1);
      if (episode !== null) yield { place: { scope: tenant, name }, rule, episode };
    }
    cursor = page.cursor;
    if (cursor === null) return;
  }
}
