import { formatDispatchId, runIdOf } from './contracts/dispatch-id.ts';
import type { ClaimedDispatch } from './contracts/dispatch-records.ts';
import type { ErrorCollector } from './error-groups/create-error-collector.ts';
import { type ErrorRecord, toErrorRecord } from './errors/error-record.ts';
import type { CallGuard } from './gateway/call-guard.ts';
import type { NoticeBoard } from './notice-board.ts';

/** Collects what attempts at dispatches fail with. */
export function collectOfDispatches(collector: ErrorCollector): (dispatch: ClaimedDispatch, error: ErrorRecord) => void {
  return ({ key, handler, operation, connection }, error) => {
    const connector = /^action:([^@]+)@/.exec(handler)?.[1] ?? null;
    collector.add({
      tenant: key.tenant,
      connector,
      source: 'dispatch',
      operation: connector === null ? handler : operation,
      template: null,
      error,
      example: { dispatchId: formatDispatchId(key), runId: runIdOf(key), connection },
    });
  };
}

/** Collects what webhooks fail with that are somebody's. What a stranger is refused for is no error. */
export function collectOfWebhooks(collector: ErrorCollector, board: Pick<NoticeBoard, 'on'>): void {
  board.on('webhook.failed', ({ tenant, connectorId, reason, error }) => {
    if (tenant === null || reason !== null) return;
    const example = { dispatchId: null, runId: null, connection: null };
    collector.add({ tenant, connector: connectorId, source: 'webhook', operation: 'webhook', template: null, error, example });
  });
}

/** Collects what requests fail with that no dispatch stands for: those of the host's own, looks, registrations. */
export function collectOfRequests(collector: ErrorCollector): CallGuard {
  return {
    admit: () => undefined,
    ended({ tenant, connection, definition, dispatch, method, template }, { fault, status }) {
      if (fault === null || dispatch !== undefined) return;
      const error = { ...(status === null ? {} : { status }), ...toErrorRecord(fault) };
      const example = { dispatchId: null, runId: null, connection: connection.id };
      collector.add({ tenant, connector: definition.id, source: 'request', operation: method, template, error, example });
    },
  };
}
