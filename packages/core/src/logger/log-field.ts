import type { LogFields } from './logger.ts';

/**
 * Names of the fields that a line of the log may have. What has another name is left out, whoever writes it: a field that somebody adds without a
 * thought, such as a token, is in no log for it.
 */
export const logFields: ReadonlySet<string> = new Set([
  ...['level', 'message', 'code', 'reason', 'error', 'at', 'status', 'outcome', 'count', 'attempt', 'attempts', 'failures', 'crashes'],
  ...['tenant', 'connector', 'connectorId', 'connection', 'connectionId', 'registration', 'registrationId', 'endpoint', 'endpointId'],
  ...['event', 'eventId', 'dispatchId', 'runId', 'traceId', 'automation', 'handler', 'operation', 'subscriber', 'pattern', 'stream'],
  ...['name', 'from', 'to', 'expiresAt', 'failed', 'failingSince', 'notice', 'scopes', 'upkeep', 'durationMs', 'delayMs'],
  ...[
    'origin',
    'cause',
    'opens',
    'openMs',
    'blockedMs',
    'heldForMs',
    'expectedAt',
    'score',
    'method',
    'pathTemplate',
    'deprecatedAt',
    'sunsetAt',
  ],
  ...['channel', 'signal', 'source', 'kind', 'major', 'replacedBy'],
]);

/** The fields that have a listed name, and how many had none. */
export function listedFields(fields: LogFields): LogFields {
  const names = Object.keys(fields);
  const unlisted = names.filter((name) => !logFields.has(name)).length;
  if (unlisted === 0) return fields;
  return { ...Object.fromEntries(Object.entries(fields).filter(([name]) => logFields.has(name))), unlisted };
}
