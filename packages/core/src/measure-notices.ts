import type { NoticeBoard } from './notice-board.ts';
import type { Metering } from './telemetry/metering.ts';

/** Counts what notices tell of: they are given whether or not anybody listens, so the rooms that give them need not know who counts. */
export function measureNotices(board: Pick<NoticeBoard, 'on'>, metering: Metering): void {
  measureEvents(board, metering);
  measureDispatches(board, metering);
  measurePlaces(board, metering);
}

function measureEvents(board: Pick<NoticeBoard, 'on'>, metering: Metering): void {
  board.on('webhook.received', ({ tenant, connectorId, duplicate }) => {
    const outcome = duplicate ? 'duplicate' : 'created';
    metering.record('patchbay.webhook.received', 1, { 'patchbay.connector': connectorId, 'patchbay.outcome': outcome }, tenant);
  });
  board.on('webhook.failed', ({ tenant, connectorId, reason, error }) => {
    const why = reason === null ? { 'error.type': error.code } : { 'patchbay.reason': reason };
    metering.record('patchbay.webhook.failed', 1, { 'patchbay.connector': connectorId ?? 'unknown', ...why }, tenant);
  });
  board.on('event.published', ({ tenant }) => metering.record('patchbay.event.published', 1, {}, tenant));
  board.on('run.finished', ({ tenant, status, error }) => {
    metering.record('patchbay.run.finished', 1, { 'patchbay.outcome': status, 'error.type': error?.code }, tenant);
  });
}

function measureDispatches(board: Pick<NoticeBoard, 'on'>, metering: Metering): void {
  board.on('dispatch.retrying', ({ tenant, error }) =>
    metering.record('patchbay.dispatch.retries', 1, { 'error.type': error.code }, tenant),
  );
  const ended = (outcome: string) => (notice: { tenant: string; handler: string; error?: { code: string } }) => {
    const told = { 'messaging.destination.name': notice.handler, 'patchbay.outcome': outcome, 'error.type': notice.error?.code };
    metering.record('patchbay.dispatch.ended', 1, told, notice.tenant);
  };
  board.on('dispatch.dead', ended('dead'));
  board.on('dispatch.held', ended('held'));
  board.on('dispatch.fenced', ended('fenced'));
}

function measurePlaces(board: Pick<NoticeBoard, 'on'>, metering: Metering): void {
  const endpoint = (state: string) => (notice: { tenant: string; reason?: string }) => {
    metering.record('patchbay.endpoint.changes', 1, { 'patchbay.state': state, 'patchbay.reason': notice.reason }, notice.tenant);
  };
  board.on('endpoint.disabled', endpoint('disabled'));
  board.on('endpoint.failing', endpoint('failing'));
  board.on('endpoint.recovered', endpoint('recovered'));
  const connection = (notice: { tenant: string; connectorId: string }, state: string, reason?: string): void => {
    const told = { 'patchbay.connector': notice.connectorId, 'patchbay.state': state, 'patchbay.reason': reason };
    metering.record('patchbay.connection.changes', 1, told, notice.tenant);
  };
  board.on('connection.connected', (notice) => connection(notice, 'connected'));
  board.on('connection.disconnected', (notice) => connection(notice, 'disconnected'));
  board.on('connection.status_changed', (notice) => connection(notice, notice.to, notice.reason));
}
