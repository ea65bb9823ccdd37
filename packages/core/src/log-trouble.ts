import type { ErrorRecord } from './errors/error-record.ts';
import type { Logger } from './logger/logger.ts';
import type { NoticeBoard } from './notice-board.ts';

/** Writes what needs a person to the log too, for hosts that observe nothing: what is dead, held, failed, or was verified and not taken in. */
export function logTrouble(board: Pick<NoticeBoard, 'on'>, logger: Logger): void {
  board.on('dispatch.dead', ({ error, ...notice }) => logger.warn('a dispatch is dead', fieldsOf(notice, error)));
  board.on('dispatch.held', ({ error, ...notice }) => logger.warn('a dispatch is held for a person', fieldsOf(notice, error)));
  board.on('connector.blocked', (notice) => logger.warn('the code of a connector kept the process from everything else', notice));
  board.on('connection.breaker_opened', (notice) => {
    // A service that stays down opens it again and again.
    if (notice.opens === 1) logger.warn('nothing is sent to a host that fails', notice);
  });
  board.on('connection.status_changed', (notice) => {
    if (notice.to === 'active') logger.info('a connection works again', notice);
    else logger.warn('a connection does not work any more', notice);
  });
  board.on('connection.health_warning', (notice) => {
    // A limit that is reached is waited for.
    if (notice.reason === 'quota_nearly_used') logger.info('a connection has nearly used its quota', notice);
    else if (notice.reason !== null) logger.warn('a connection is likely to fail soon', notice);
  });
  board.on('api.deprecated', (notice) => logger.warn('a service has said that what is asked of it ends', notice));
  board.on('webhook.registration_failed', ({ error, ...notice }) => {
    // Each failure is told, and tries go on for as long as it takes.
    if (notice.failures === 1) logger.warn('a webhook could not be registered or renewed at its service', fieldsOf(notice, error));
  });
  board.on('connector.deprecated', ({ message: reason, isOver, ...notice }) => {
    const fields = { ...notice, reason };
    if (isOver) logger.warn('what should have gone away by now is still there', fields);
    else logger.info('something of a connector goes away', fields);
  });
  board.on('endpoint.disabled', (notice) => {
    if (notice.reason !== 'host') logger.warn('an endpoint was disabled', notice);
  });
  board.on('endpoint.failing', (notice) => logger.warn('most deliveries to an endpoint fail', notice));
  board.on('schedule.missed', ({ count, ...notice }) => logger.warn('times of a schedule were missed', { ...notice, count }));
  board.on('schedule.calendar_failed', (notice) => logger.warn('a calendar of a schedule could not be read', notice));
  board.on('poll.failed', ({ error, ...notice }) => {
    // It is tried again for as long as it takes.
    if (notice.failures === 1) logger.warn('a service could not be asked what is new', fieldsOf(notice, error));
  });
  board.on('content.failed', ({ error, ...notice }) => {
    if (notice.failures === 1) logger.warn('content could not be brought into the search index', fieldsOf(notice, error));
  });
  board.on('run.finished', ({ error, status, ...notice }) => {
    if (status === 'failed') logger.warn('a run has failed', fieldsOf(notice, error));
  });
  board.on('webhook.failed', ({ error, reason, ...notice }) => {
    // Whoever is refused may be anybody, and must not fill the log; what went wrong here is logged where it is answered.
    if (reason === null && ofTheDelivery.has(error.code)) logger.warn('a webhook was not taken in', fieldsOf(notice, error));
  });
}

/** Faults of what a service sent, or of the expressions that read it. It will send no better, so somebody must look. */
const ofTheDelivery: ReadonlySet<string> = new Set([
  ...['body_invalid', 'body_too_large', 'invalid_event', 'unknown_trigger'],
  ...['expression_failed', 'fuel_exhausted'],
]);

function fieldsOf<Fields extends object>(notice: Fields, error: ErrorRecord | null): Fields & { code?: string; reason?: string } {
  return error === null ? notice : { ...notice, code: error.code, reason: error.message };
}
