import { expect, it } from 'vitest';
import { logTrouble } from './log-trouble.ts';
import { silentLogger } from './logger/logger.ts';
import { createNoticeBoard } from './notice-board.ts';

const error = { code: 'network', message: 'Lost.' };
const place = { tenant: 'acme', dispatchId: 'd', eventId: 'e', runId: null, connectionId: null, handler: 'h', operation: 'o', at: 1 };
const run = { tenant: 'acme', runId: 'r', eventId: 'e', automation: 'a', at: 1 };
const broken = { code: 'invalid_event', message: 'Lost.' };
const webhook = { tenant: null, registrationId: 'g', connectorId: 'github', error: broken, attempt: 1, at: 1 };
const endpoint = { tenant: 'acme', endpointId: 'e', name: 'shop', at: 1 };

it('writes what needs a person, and nothing that anybody could cause', () => {
  const lines: unknown[] = [];
  const logger = { ...silentLogger, warn: (message: string, fields?: object) => void lines.push([message, fields]) };
  const board = createNoticeBoard(logger);
  logTrouble(board, logger);
  board.notify('dispatch.dead', { ...place, attempts: 3, error });
  board.notify('dispatch.held', { ...place, attempts: 1, error });
  board.notify('run.finished', { ...run, status: 'failed', error });
  board.notify('run.finished', { ...run, status: 'failed', error: null });
  board.notify('run.finished', { ...run, status: 'succeeded', error: null });
  board.notify('webhook.failed', { ...webhook, reason: null });
  board.notify('webhook.failed', { ...webhook, reason: null, error });
  board.notify('webhook.failed', { ...webhook, reason: null, error: { ...error, code: 'expression_failed' } });
  board.notify('webhook.failed', { ...webhook, reason: 'signature_wrong' });
  board.notify('endpoint.disabled', { ...endpoint, reason: 'gone' });
  board.notify('endpoint.disabled', { ...endpoint, reason: 'host' });
  const told = { code: 'network', reason: 'Lost.' };
  expect(lines).toEqual([
    ['a dispatch is dead', { ...place, attempts: 3, ...told }],
    ['a dispatch is held for a person', { ...place, attempts: 1, ...told }],
    ['a run has failed', { ...run, ...told }],
    ['a run has failed', run],
    [
      'a webhook was not taken in',
      { tenant: null, registrationId: 'g', connectorId: 'github', attempt: 1, at: 1, code: 'invalid_event', reason: 'Lost.' },
    ],
    [
      'a webhook was not taken in',
      { tenant: null, registrationId: 'g', connectorId: 'github', attempt: 1, at: 1, code: 'expression_failed', reason: 'Lost.' },
    ],
    ['an endpoint was disabled', { ...endpoint, reason: 'gone' }],
  ]);
});

it('warns of a connection that does not work any more, and tells when it works again', () => {
  const lines: string[] = [];
  const logger = {
    ...silentLogger,
    info: (message: string) => void lines.push(`info: ${message}`),
    warn: (message: string) => void lines.push(`warn: ${message}`),
  };
  const board = createNoticeBoard(logger);
  logTrouble(board, logger);
  const connection = { tenant: 'acme', connectionId: 'c', connectorId: 'github', at: 1 };
  board.notify('connection.status_changed', { ...connection, from: 'active', to: 'error', reason: 'unhealthy' });
  board.notify('connection.status_changed', { ...connection, from: 'error', to: 'active', reason: 'recovered' });
  board.notify('connection.health_warning', { ...connection, reason: 'score_falling', expectedAt: 2, score: 60 });
  board.notify('connection.health_warning', { ...connection, reason: 'quota_nearly_used', expectedAt: null, score: 85 });
  board.notify('connection.health_warning', { ...connection, reason: null, expectedAt: null, score: 90 });
  expect(lines).toEqual([
    'warn: a connection does not work any more',
    'info: a connection works again',
    'warn: a connection is likely to fail soon',
    'info: a connection has nearly used its quota',
  ]);
});
