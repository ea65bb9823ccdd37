import { describe, expect, it } from 'vitest';
import type { Notices } from '../notices/notices.ts';
import { noticeSignals } from './notice-signals.ts';

const root = '01890a5d-ac96-774b-bcce-b302099a8057';
const dead = (more: Partial<Notices['dispatch.dead']>): Notices['dispatch.dead'] => ({
  ...{ tenant: 'acme', dispatchId: `${root}:0:call:call`, eventId: root, runId: null, connectionId: 'connection-1' },
  ...{ handler: 'action:desk@1', operation: 'file', attempts: 3, error: { code: 'timeout', message: 'It took too long.' }, at: 5 },
  ...more,
});
const signalsOf = (notice: Notices['dispatch.dead']) => noticeSignals['dispatch.dead']?.(notice) ?? [];

describe('a dead dispatch', () => {
  it.each([
    ['the connection that it went through', dead({}), 'connection', 'connection-1'],
    ['the endpoint that it went to', dead({ connectionId: null, dispatchId: `${root}:0:endpoint%3Ae-1:deliver` }), 'endpoint', 'e-1'],
    ['the subscriber that it called', dead({ connectionId: null, dispatchId: `${root}:0:subscriber%3Aindex:call` }), 'subscriber', 'index'],
    ['its handler, where it went nowhere', dead({ connectionId: null, handler: 'revocation' }), 'handler', 'revocation'],
  ])('is trouble of %s', (_what, notice, kind, id) => {
    expect(signalsOf(notice)).toMatchObject([{ name: 'dispatch.dead', says: 'trouble', subject: { kind, id }, code: 'timeout' }]);
  });

  it('names the automation whose run it ends', () => {
    const automation = '01890a5d-ac96-774b-bcce-b302099a8063';
    expect(signalsOf(dead({ runId: `${root}:0:${automation}` }))).toMatchObject([{ automation }]);
  });

  it.each([
    ['a telling through an action', `${root}:0:alert%3Arule-1:telling.0`],
    ['a telling to an endpoint', `${root}:0:endpoint%3Ae-1:telling.0`],
    ['a keeper', `${root}:0:alert%3Arule-1:keep`],
  ])('that was %s is no trouble of the tenant, but a lost alert for the operator', (_what, dispatchId) => {
    expect(signalsOf(dead({ dispatchId })).map(({ name, subject }) => [name, subject.kind])).toEqual([['alert.undelivered', 'tenant']]);
    expect(signalsOf(dead({ dispatchId, tenant: '' }))).toEqual([]);
  });
});

it('calls that alerts have made are counted for no share', () => {
  const called = (dispatchId: string): Notices['action.executed'] => ({
    ...{ tenant: 'acme', connectionId: 'connection-1', actionId: 'chat.say', dispatchId, attempt: 1 },
    ...{ result: 'failed', error: { code: 'timeout', message: 'It took too long.' }, durationMs: 1, at: 5 },
  });
  const read = noticeSignals['action.executed'];
  expect(read?.(called(`${root}:0:call:call`))).toMatchObject([{ says: 'trouble', code: 'timeout' }]);
  expect(read?.(called(`${root}:0:alert%3Arule-1:telling.0`))).toEqual([]);
});

it('what is nobody or everybody is trouble of no tenant', () => {
  const failed = {
    registrationId: 'x',
    connectorId: null,
    error: { code: 'signature_refused', message: 'No.' },
    reason: 'unknown_url',
    attempt: 1,
    at: 5,
  } as const;
  expect(noticeSignals['webhook.failed']?.({ ...failed, tenant: null })).toEqual([]);
  const disabled = { tenant: 'acme', endpointId: 'e-1', name: 'ops', at: 5 };
  expect(noticeSignals['endpoint.disabled']?.({ ...disabled, reason: 'host' })).toEqual([]);
  expect(noticeSignals['endpoint.disabled']?.({ ...disabled, reason: 'gone' })).toMatchObject([{ code: 'gone', endpoint: 'e-1' }]);
});

describe('how a connection is', () => {
  const of = { tenant: 'acme', connectionId: 'connection-1', connectorId: 'desk', at: 5 };

  it('is trouble while a host of it fails, and none when it works again', () => {
    const opened = noticeSignals['connection.breaker_opened']?.({
      ...of,
      origin: 'https://desk.example.com',
      cause: 'provider_down',
      opens: 1,
      openMs: 10_000,
    });
    expect(opened).toMatchObject([
      { name: 'connection.breaker_opened', says: 'trouble', code: 'provider_down', connection: 'connection-1' },
    ]);
    const closed = noticeSignals['connection.breaker_closed']?.({ ...of, origin: 'https://desk.example.com', by: 'operator' });
    expect(closed).toMatchObject([{ name: 'connection.breaker_opened', says: 'well' }]);
  });

  it('is trouble when it is likely to fail soon, and none when it is no longer', () => {
    const warned = (reason: 'score_falling' | null) =>
      noticeSignals['connection.health_warning']?.({ ...of, reason, expectedAt: null, score: 60 });
    expect(warned('score_falling')).toMatchObject([{ name: 'connection.health_warning', says: 'trouble', code: 'score_falling' }]);
    expect(warned(null)).toMatchObject([{ says: 'well' }]);
  });

  it('is trouble when its token is not renewed, and none when it is', () => {
    const failed = noticeSignals['connection.renewal_failed']?.({ ...of, code: 'network', isOver: false });
    expect(failed).toMatchObject([{ name: 'connection.renewal_failed', says: 'trouble', code: 'network' }]);
    expect(noticeSignals['connection.token_renewed']?.(of)).toMatchObject([{ name: 'connection.renewal_failed', says: 'well' }]);
  });
});
