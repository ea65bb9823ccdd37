import type { DispatchRecord, RunRecord } from '@patchbay/core/adapter';
import { expect } from 'vitest';
import { type Model, type ModelDispatch, type ModelRun, tick } from './model.ts';

const finals = new Set(['succeeded', 'dead', 'cancelled']);

/** A time of the store, as the model would say it: to the next tick below. */
export const modelTime = (model: Model, time: number | null): number | null =>
  time === null ? null : Math.floor((time - model.origin) / tick) * tick;

/** What the model knows of a dispatch, in the shape of the store's record. Errors are compared by code. */
export function expectDispatch(model: Model, dispatch: ModelDispatch, record: DispatchRecord): void {
  const { key, handler, lane, workClass, operation, connection, input, version, mark, onUnknown, ordering } = dispatch.given;
  const leased = dispatch.status === 'leased';
  const found = {
    given: { ...record.key, handler: record.handler, lane: record.lane, workClass: record.workClass, operation: record.operation },
    more: [record.connection, record.input, record.version, record.mark, record.onUnknown, record.ordering?.key, record.ordering?.onDead],
    status: record.status,
    fence: leased ? record.fence : undefined,
    holder: record.holder,
    leaseUntil: modelTime(model, record.leaseUntil),
    counts: [record.round, record.attempts, record.crashes, record.lastAttempt],
    dueAt: dispatch.status === 'pending' ? modelTime(model, record.dueAt) : undefined,
    sent: record.firstSentAt !== null,
    unknownSince: modelTime(model, record.unknownSince),
    output: record.output,
    error: record.error?.code,
    reason: dispatch.reason === undefined ? undefined : record.reason,
    finished: record.finishedAt !== null,
  };
  expect(found, JSON.stringify(key)).toEqual({
    given: { ...key, handler, lane, workClass, operation },
    more: [connection, input, version, mark, onUnknown, ordering?.key, ordering?.onDead],
    status: dispatch.status,
    fence: leased ? dispatch.fence : undefined,
    holder: dispatch.holder,
    leaseUntil: leased ? dispatch.leaseUntil : null,
    counts: [dispatch.round, dispatch.attempts, dispatch.crashes, dispatch.lastAttempt],
    dueAt: dispatch.status === 'pending' ? dispatch.dueAt : undefined,
    sent: dispatch.sent,
    unknownSince: dispatch.unknownSince,
    output: dispatch.output,
    error: dispatch.error?.code,
    reason: dispatch.reason,
    finished: finals.has(dispatch.status),
  });
}

/** The same for a run; its revision only grows. */
export function expectRun(run: ModelRun, record: RunRecord): void {
  const { key, automationName, version } = run.given;
  const { status, state, error } = run;
  expect(record, JSON.stringify(key)).toMatchObject({ key, automationName, version, status, state, error });
  expect(record.finishedAt !== null).toBe(status !== 'running');
  expect(record.revision).toBeGreaterThanOrEqual(run.revision);
}
