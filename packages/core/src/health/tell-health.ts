import type { Notify } from '../notices/notices.ts';
import type { HealthState } from './health-state.ts';
import type { HealthFacts, JudgedHealth } from './judge-health.ts';

/** A state that has been written, with the one before. */
export interface WrittenHealth {
  readonly tenant: string;
  readonly connection: string;
  readonly facts: Pick<HealthFacts, 'connector'>;
  readonly before: Pick<HealthState, 'level' | 'warning'>;
  readonly judged: JudgedHealth;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Gives notice of another level, and of a warning that has begun or is over. One that is good from the beginning is nothing to tell. */
export function tellHealth(notify: Notify, { tenant, connection, facts, before, judged, at }: WrittenHealth): void {
  const { verdict, state } = judged;
  const place = { tenant, connectionId: connection, connectorId: facts.connector };
  const from = before.level ?? 'good';
  const to = state.level ?? 'good';
  if (from !== to) notify('connection.health_changed', { ...place, from, to, score: verdict.score, at });
  if (before.warning === state.warning) return;
  notify('connection.health_warning', {
    ...place,
    reason: state.warning,
    expectedAt: verdict.warning?.at ?? null,
    score: verdict.score,
    at,
  });
}
