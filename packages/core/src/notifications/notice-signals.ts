import { hubScope } from '../contracts/configuration-store.ts';
import { parseDispatchId, parseRunId } from '../contracts/dispatch-id.ts';
import type { NoticeName, Notices } from '../notices/notices.ts';
import { isOfAlert } from './alert-names.ts';
import type { AlertSignalName } from './alert-rule.ts';
import type { AlertSignal, AlertSubject } from './alert-signal.ts';

type Reading<Name extends NoticeName> = (notice: Notices[Name]) => readonly AlertSignal[];

/** What each notice means for alerts. A notice that is not in the table means nothing. */
export type NoticeSignals = { readonly [Name in NoticeName]?: Reading<Name> };

interface Facts extends Partial<Omit<AlertSignal, 'tenant' | 'name' | 'subject' | 'at'>> {
  readonly tenant: string;
  readonly at: number;
}

function signal(name: AlertSignalName, subject: AlertSubject, { tenant, at, ...facts }: Facts): AlertSignal {
  const nothing = { connector: null, connection: null, automation: null, endpoint: null, code: null, reference: null };
  return { ...nothing, tenant, name, says: 'trouble', subject, at, ...facts };
}

type OfConnection = { readonly tenant: string; readonly connectionId: string; readonly connectorId: string; readonly at: number };

function ofConnection(name: AlertSignalName, notice: OfConnection, facts: Partial<AlertSignal> = {}): AlertSignal {
  const { tenant, at, connectionId: connection, connectorId: connector } = notice;
  return signal(name, { kind: 'connection', id: connection }, { tenant, at, connection, connector, ...facts });
}

type OfEndpoint = { readonly tenant: string; readonly endpointId: string; readonly at: number };

function ofEndpoint(
  name: AlertSignalName,
  { tenant, endpointId: endpoint, at }: OfEndpoint,
  facts: Partial<AlertSignal> = {},
): AlertSignal {
  return signal(name, { kind: 'endpoint', id: endpoint }, { tenant, at, endpoint, ...facts });
}

/** Where a dispatch goes is what is in trouble: a connection, an endpoint, a subscriber. */
function ofEndOfTries(name: 'dispatch.dead' | 'dispatch.held'): (notice: Notices['dispatch.dead']) => readonly AlertSignal[] {
  return ({ tenant, dispatchId, runId, connectionId, handler, error, at }) => {
    if (isOfAlert(tenant, dispatchId)) return undelivered({ tenant, dispatchId, at, code: error.code });
    const [kind, id = handler] = (parseDispatchId(tenant, dispatchId)?.target ?? '').split(':', 2);
    const endpoint = kind === 'endpoint' ? id : null;
    const automation = runId === null ? null : (parseRunId(tenant, runId)?.automation ?? null);
    const subject: AlertSubject =
      connectionId !== null
        ? { kind: 'connection', id: connectionId }
        : kind === 'endpoint' || kind === 'subscriber'
          ? { kind, id }
          : { kind: 'handler', id: handler };
    return [signal(name, subject, { tenant, at, endpoint, automation, connection: connectionId, code: error.code, reference: dispatchId })];
  };
}

/**
 * A telling that is given up goes to the operator, who is told by the host's own functions; one of the operator's that is given up stops there,
 * in the log, or lost alerts would make alerts without end.
 */
function undelivered(lost: { readonly tenant: string; readonly dispatchId: string; readonly at: number; readonly code: string }) {
  const { tenant, dispatchId: reference, at, code } = lost;
  return tenant === hubScope ? [] : [signal('alert.undelivered', { kind: 'tenant', id: tenant }, { tenant, at, code, reference })];
}

type OfCall = Notices['subscriber.called'] | Notices['action.executed'];

const saysOf = (result: OfCall['result']): AlertSignal['says'] => (result === 'succeeded' ? 'well' : 'trouble');

function ofCall(name: AlertSignalName, subject: AlertSubject, notice: OfCall): readonly AlertSignal[] {
  const { tenant, dispatchId: reference, result, error, at } = notice;
  if (isOfAlert(tenant, reference)) return [];
  const connection = subject.kind === 'connection' ? subject.id : null;
  return [signal(name, subject, { tenant, at, says: saysOf(result), connection, code: error?.code ?? null, reference })];
}

/** The table. Notices that come with every call say how it went, so that a share can be worked out. */
export const noticeSignals: NoticeSignals = {
  // What a built-in action fails with is told by `dispatch.dead` and `dispatch.held`.
  'action.executed': (notice) =>
    notice.connectionId === null ? [] : ofCall('action.executed', { kind: 'connection', id: notice.connectionId }, notice),
  'subscriber.called': (notice) => ofCall('subscriber.called', { kind: 'subscriber', id: notice.subscriber }, notice),
  'connection.status_changed': (notice) => [
    ofConnection('connection.status_changed', notice, { says: notice.to === 'active' ? 'well' : 'trouble', code: notice.reason }),
  ],
  'connection.connected': (notice) =>
    (
      ['connection.status_changed', 'connection.scopes_missing', 'connection.credential_expiring', 'connection.renewal_failed'] as const
    ).map((name) => ofConnection(name, notice, { says: 'well' })),
  'connection.credential_replaced': (notice) => [ofConnection('connection.credential_expiring', notice, { says: 'well' })],
  'connection.credential_expiring': (notice) => [ofConnection('connection.credential_expiring', notice)],
  'connection.scopes_missing': (notice) => [ofConnection('connection.scopes_missing', notice)],
  'connection.account_changed': (notice) => [ofConnection('connection.account_changed', notice)],
  'connection.breaker_opened': (notice) => [ofConnection('connection.breaker_opened', notice, { code: notice.cause })],
  'connection.breaker_closed': (notice) => [ofConnection('connection.breaker_opened', notice, { says: 'well' })],
  'connection.health_warning': (notice) => [
    ofConnection('connection.health_warning', notice, { says: notice.reason === null ? 'well' : 'trouble', code: notice.reason }),
  ],
  'connection.renewal_failed': (notice) => [ofConnection('connection.renewal_failed', notice, { code: notice.code })],
  'connection.token_renewed': (notice) => [ofConnection('connection.renewal_failed', notice, { says: 'well' })],
  'api.rate_limited': (notice) => [ofConnection('api.rate_limited', notice, { code: 'rate_limited' })],
  'api.deprecated': (notice) => [ofConnection('api.deprecated', notice)],
  'dispatch.dead': ofEndOfTries('dispatch.dead'),
  'dispatch.held': ofEndOfTries('dispatch.held'),
  'endpoint.failing': (notice) => [ofEndpoint('endpoint.failing', notice)],
  'endpoint.recovered': (notice) => [ofEndpoint('endpoint.failing', notice, { says: 'well' })],
  'endpoint.disabled': (notice) => (notice.reason === 'host' ? [] : [ofEndpoint('endpoint.disabled', notice, { code: notice.reason })]),
  'run.finished': ({ tenant, runId, automation, status, error, at }) => {
    if (status === 'cancelled') return [];
    const says = status === 'succeeded' ? 'well' : 'trouble';
    const facts = { tenant, at, says, automation, code: error?.code ?? null, reference: runId } as const;
    return [signal('run.finished', { kind: 'automation', id: automation }, facts)];
  },
  'webhook.failed': ({ tenant, registrationId, error, reason, at }) =>
    // Whoever sends nonsense may be anybody; only what was meant for a tenant's own registration is the tenant's trouble.
    tenant === null
      ? []
      : [
          signal(
            'webhook.failed',
            { kind: 'registration', id: registrationId },
            { tenant, at, code: reason ?? error.code, reference: registrationId },
          ),
        ],
  'webhook.kept': ({ tenant, registrationId, connectionId: connection, receiptId, code, at }) => [
    signal('webhook.kept', { kind: 'registration', id: registrationId }, { tenant, at, connection, code, reference: receiptId }),
  ],
  'webhook.registration_failed': (notice) => [
    ofConnection('webhook.registration_failed', notice, { code: notice.error.code, reference: notice.registrationId }),
  ],
};
