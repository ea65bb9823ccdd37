import { type CallClass, callClasses } from './call-class.ts';
import type { HealthSignals } from './health-signals.ts';

/** A part of a score. */
export type ScorePart = 'calls' | 'checks' | 'credential' | 'breaker' | 'latency' | 'limits' | 'events';

/** The parts of a score, the heaviest first. */
export const scoreOrder: readonly ScorePart[] = ['calls', 'checks', 'credential', 'breaker', 'latency', 'limits', 'events'];

/** Points that each part is worth; together 100. */
export const partWeights: Readonly<Record<ScorePart, number>> = {
  calls: 50,
  checks: 12,
  credential: 12,
  breaker: 10,
  latency: 8,
  limits: 5,
  events: 3,
};

/**
 * How much a call of a class speaks against a connection, 0 to 1, by who must act: a person for the credential and its permissions, nobody but the
 * service where it is away, the hub where it comes too often, and the caller where the service has answered as it should.
 */
export const classHarm: Readonly<Record<CallClass, number>> = {
  succeeded: 0,
  auth: 1,
  permission: 1,
  provider_down: 0.9,
  network: 0.9,
  timeout: 0.9,
  unknown: 0.7,
  rate: 0.4,
  invalid: 0.2,
  conflict: 0.1,
  not_found: 0.1,
};

/** Calls that are taken to have gone well before the first, so that one failure is no outage. */
const benefitOfDoubt = 2;

/** Times the usual latency: up to the first nothing is wrong, from the last everything is. */
const slower = { fine: 2, worst: 16 };

/** Times the usual gap between events. */
const quieter = { fine: 3, worst: 12 };

/** Share of a quota below which it counts. */
const quotaFine = 0.25;

/** Before the end of a credential by which it counts, milliseconds: seven days. */
const endsSoonMs = 604_800_000;

/** Each part from 0, as bad as can be, to 1. What nobody knows is 1: nothing speaks against it. */
export function scoreParts(signals: HealthSignals): Readonly<Record<ScorePart, number>> {
  return {
    calls: callsPart(signals.calls),
    checks: 0.5 ** atLeastNone(signals.failedChecks),
    credential: credentialPart(signals),
    breaker: { closed: 1, half_open: 0.5, open: 0 }[signals.breaker],
    latency: latencyPart(signals.latency),
    limits: signals.quotaLeft === null ? 1 : within(signals.quotaLeft / quotaFine),
    events: eventsPart(signals),
  };
}

function callsPart(calls: HealthSignals['calls']): number {
  let all = benefitOfDoubt;
  let harm = 0;
  for (const name of callClasses) {
    const count = atLeastNone(calls[name] ?? 0);
    all += count;
    harm += count * classHarm[name];
  }
  // Squared: a quarter of the calls failing is no small thing, and the last quarter changes little.
  return (1 - harm / all) ** 2;
}

function credentialPart({ at, credential: { expiresAt, failedRenewals } }: HealthSignals): number {
  const left = expiresAt === null ? 1 : within((expiresAt - at) / endsSoonMs);
  return left * 0.5 ** atLeastNone(failedRenewals);
}

function latencyPart({ recentMs, usualMs }: HealthSignals['latency']): number {
  return recentMs === null || usualMs === null ? 1 : fallingShare(recentMs / Math.max(1, usualMs), slower);
}

function eventsPart({ at, events: { lastAt, usualGapMs } }: HealthSignals): number {
  return lastAt === null || usualGapMs === null ? 1 : fallingShare((at - lastAt) / Math.max(1, usualGapMs), quieter);
}

/** 1 up to a multiple, 0 from another, and between them by how often it has doubled. */
function fallingShare(multiple: number, { fine, worst }: { readonly fine: number; readonly worst: number }): number {
  return multiple <= fine ? 1 : within(Math.log2(worst / multiple) / Math.log2(worst / fine));
}

const within = (share: number): number => Math.min(1, Math.max(0, share));

const atLeastNone = (count: number): number => Math.max(0, count);
