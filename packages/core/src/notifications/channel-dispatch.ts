import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { NewDispatch } from '../contracts/dispatch-records.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import type { HubEvent } from '../event/hub-event.ts';
import type { CompiledTemplate } from '../expression/compile-template.ts';
import { renderInput } from '../expression/render-input.ts';
import { alertTarget, hostChannelHandler, notificationHandler, tellingPath } from './alert-names.ts';
import type { AlertParts } from './alert-parts.ts';
import type { AlertChannel } from './alert-rule.ts';
import { type AlertEpisode, writeAlertState } from './alert-state.ts';

/** One alert that goes through one channel. */
export interface Telling {
  readonly channel: AlertChannel;
  /** Of an action's input. */
  readonly template: CompiledTemplate | null;
  /** Place of the channel within the telling. */
  readonly index: number;
  readonly rule: string;
  readonly episode: AlertEpisode;
  readonly event: HubEvent;
  readonly configuration: TenantConfiguration;
}

/** What a dispatch to a function of the host holds. */
export const hostChannelInput = (kind: string, episode: AlertEpisode): string =>
  JSON.stringify({ kind, state: writeAlertState({ window: [], episode }, '') });

/** What a dispatch holds that cannot be told. */
export const faultInput = (fault: ErrorRecord): string => JSON.stringify({ fault: { code: fault.code, message: fault.message } });

/**
 * The dispatch that tells an alert through a channel. A channel that has gone is a dispatch all the same, which is dead at its first attempt with the
 * reason, so that somebody sees it.
 */
export function channelDispatch(parts: Pick<AlertParts, 'doors' | 'registry'>, telling: Telling): NewDispatch {
  const { channel, event, episode } = telling;
  const base = baseOf(telling);
  if ('host' in channel) {
    const { host } = channel;
    const input = hostChannelInput(event.type.slice(event.type.lastIndexOf('.') + 1), episode);
    return { ...base, handler: hostChannelHandler(host), lane: `alert-channel:${host}`, operation: host, input };
  }
  try {
    return 'endpoint' in channel ? ofEndpoint(parts, telling, base, channel) : ofAction(parts, telling, base, channel);
  } catch (error) {
    return faulty(base, toErrorRecord(error));
  }
}

function baseOf({ rule, event, index }: Telling): NewDispatch {
  return {
    key: { tenant: event.tenant, root: event.id, target: alertTarget(rule), replay: 0, path: `${tellingPath}${index}` },
    handler: notificationHandler,
    lane: alertTarget(rule),
    workClass: 'live',
    operation: 'telling',
    connection: null,
    input: null,
    version: null,
    delayMs: 0,
    mark: 'claim',
    // Told twice is better than not at all.
    onUnknown: 'retry',
    ordering: null,
  };
}

function ofEndpoint(
  { doors }: Pick<AlertParts, 'doors'>,
  { configuration, event }: Telling,
  base: NewDispatch,
  { endpoint: reference }: Extract<AlertChannel, { readonly endpoint: string }>,
): NewDispatch {
  const row = configuration.endpoints.find(({ id, name }) => id === reference || name === reference);
  const dispatch = row && doors.endpointDispatch(configuration, { endpoint: row.id, event });
  if (!dispatch) return missing(base, `The endpoint ${reference} receives nothing now, or is not there.`);
  return { ...dispatch, key: { ...dispatch.key, path: base.key.path } };
}

function ofAction(
  { doors, registry }: Pick<AlertParts, 'doors' | 'registry'>,
  { configuration, event, template }: Telling,
  base: NewDispatch,
  { action: name, connection: reference }: Extract<AlertChannel, { readonly action: string }>,
): NewDispatch {
  const [id = '', operation = ''] = name.split('.');
  if (!registry.find(id)) return missing(base, `The action ${name} is of no registered connector.`);
  const connection = configuration.connectionNamed(id, reference) ?? configuration.connectionReferred(reference);
  const connector = connection?.value.connector === id ? registry.findFor(connection.value) : registry.find(id);
  const action = connector && Object.hasOwn(connector.actions, operation) ? connector.actions[operation] : undefined;
  if (!connector || !action) return missing(base, `The action ${name} is of no registered connector.`);
  if (connection?.value.connector !== id) return missing(base, `The connection ${reference} of ${id} does not exist.`);
  return {
    ...base,
    handler: doors.actionHandler(id, connector.definition.version),
    lane: `connection:${connection.id}`,
    operation,
    connection: connection.id,
    input: template === null ? '{}' : renderInput(template, { alert: event.data }),
    mark: action.idempotency === 'unsafe' ? 'begin' : 'claim',
  };
}

const missing = (base: NewDispatch, what: string): NewDispatch =>
  faulty(base, { code: 'not_found', message: `${what} Correct the rule of alerts.` });

const faulty = (base: NewDispatch, fault: ErrorRecord): NewDispatch => ({ ...base, input: faultInput(fault) });
