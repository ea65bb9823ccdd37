import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { Gate } from '../contracts/control-stores.ts';
import { type CallClass, callClasses } from '../health/call-class.ts';
import { factsFrom } from '../health/health-facts.ts';
import { type HealthLevel, levelOf } from '../health/health-level.ts';
import { healthScore } from '../health/health-score.ts';
import type { BreakerPosition } from '../health/health-signals.ts';
import { type HealthState, healthName, readHealth } from '../health/health-state.ts';
import type { HealthTrend } from '../health/health-trend.ts';
import type { HealthWarning } from '../health/health-warning.ts';
import { signalsOf } from '../health/judge-health.ts';
import { connectionLane } from '../health/lane-gates.ts';
import type { ScorePart } from '../health/score-parts.ts';
import { noteName } from '../webhooks/inbound/delivery-notes.ts';
import { type ConnectionPause, pauseOf } from './connection-pause.ts';
import { allRegistrations } from './registration-services.ts';
import type { TenantScope } from './tenant-services.ts';

/** How a connection is, from what all processes have seen of it. Times are milliseconds since 1970; `null`: never, or nobody knows. */
export interface HealthView {
  readonly connection: string;
  readonly connector: string;
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  /** 0, it cannot be used, to 100, nothing speaks against it. */
  readonly score: number;
  readonly level: HealthLevel;
  /** What the score is made of: each part from 0, as bad as can be, to 1. */
  readonly parts: Readonly<Record<ScorePart, number>>;
  readonly trend: HealthTrend;
  readonly warning: HealthWarning | null;
  /** Calls of late by how they ended, each weighing half after ten minutes; a class that has none is left out. */
  readonly calls: { readonly [Class in CallClass]?: number };
  /** Medians, milliseconds. */
  readonly latency: { readonly recentMs: number | null; readonly usualMs: number | null };
  readonly lastCheck: {
    readonly at: number;
    readonly healthy: boolean;
    readonly message: string;
    readonly latencyMs: number | null;
  } | null;
  /** When the hub looks at it by itself. */
  readonly nextCheckAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastFailure: { readonly at: number; readonly code: string } | null;
  /** The last event that came in through it. */
  readonly lastEventAt: number | null;
  readonly breaker: BreakerPosition;
  /** Until when its lane is closed because the service limits the rate. */
  readonly rateLimitedUntil: number | null;
  readonly paused: ConnectionPause | null;
  /** Somebody has asked that the account be connected again. */
  readonly reconnectAsked: { readonly at: number; readonly message: string } | null;
}

/** Reads how a connection is now. What another process has seen comes in within seconds. */
export async function healthView(scope: TenantScope, row: Row<'connection'>): Promise<HealthView> {
  const { tenant, storage, clock, health } = scope;
  await health.book.flush();
  const state = readHealth((await storage.states.read(tenant, healthName(row.id)))?.value);
  const closed = (await storage.gates.list(tenant)).filter(({ lane }) => lane === connectionLane(row.id));
  const paused = await pauseOf(scope, row);
  const lastEventAt = latest(state.lastEventAt, await lastReceived(scope, row.id));
  return { ...viewOf(row, { state: { ...state, lastEventAt }, closed, now: clock.now() }), paused };
}

interface Known {
  readonly state: HealthState;
  readonly closed: readonly Gate[];
  readonly now: number;
}

function viewOf({ id, value }: Row<'connection'>, { state, closed, now }: Known): Omit<HealthView, 'paused'> {
  const facts = factsFrom(value, closed);
  const signals = signalsOf(state, facts, now);
  const { score, parts, trend, warning } = healthScore(signals);
  const { lastFailureAt, lastFailure, lastSuccessAt, lastEventAt, next } = state;
  return {
    connection: id,
    connector: value.connector,
    status: value.status,
    statusReason: value.statusReason ?? null,
    score,
    level: levelOf(score, state.level),
    parts,
    trend,
    warning,
    calls: Object.fromEntries(callClasses.flatMap((name) => (signals.calls[name] ? [[name, signals.calls[name]]] : []))),
    latency: signals.latency,
    lastCheck: lastCheckOf(value.lastCheck, state.check),
    nextCheckAt: next?.at ?? null,
    lastSuccessAt,
    lastFailure: lastFailureAt === null ? null : { at: lastFailureAt, code: lastFailure ?? 'internal' },
    lastEventAt,
    breaker: facts.breaker,
    rateLimitedUntil: closed.find(({ reason }) => reason === 'rate_limited')?.until ?? null,
    reconnectAsked: value.reconnectAsked ?? null,
  };
}

/** The record keeps the words, and is not written for each look that shows the same. */
function lastCheckOf(told: Row<'connection'>['value']['lastCheck'], check: HealthState['check']): HealthView['lastCheck'] {
  if (told === undefined) return null;
  const at = Math.max(told.at, check?.at ?? 0);
  return { ...told, at, latencyMs: check?.latencyMs ?? null };
}

/** What the registrations of a connection have received last. */
async function lastReceived(scope: TenantScope, connection: string): Promise<number | null> {
  const { tenant, storage } = scope;
  const own = (await allRegistrations(scope)).filter(({ value }) => value.connection === connection);
  const notes = await Promise.all(own.map(({ id }) => storage.states.read(tenant, noteName(id, 'received'))));
  return notes.reduce<number | null>((last, note) => latest(last, note?.updatedAt ?? null), null);
}

const latest = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right);
