import type { Clock } from '../clock/clock.ts';
import type { ConnectionRecord, ConnectionStatus } from '../contracts/configuration-records.ts';
import type { ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import type { Notices, Notify } from '../notices/notices.ts';
import { type AlignGateOptions, alignGate } from './align-gate.ts';

/** Why a connection is not active, for a person. */
export type StatusReason = Exclude<Notices['connection.status_changed']['reason'], 'recovered'>;

/** What changing a status needs. */
export interface ChangeStatusOptions extends AlignGateOptions {
  readonly store: Pick<ConfigurationStore, 'get' | 'write'>;
  readonly notify: Notify;
  readonly clock: Pick<Clock, 'now'>;
}

/** Which connection gets which status, as long as its credential is still the one that was looked at. */
export interface StatusChange {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly status: 'token_expired' | 'token_invalid';
  readonly reason: StatusReason;
  /** Whether the reason still holds of the connection as it is stored. @default it holds for the credential, whatever is said of it */
  readonly stillHolds?: (record: ConnectionRecord) => boolean;
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

/**
 * Gives a connection another status, closes its lane and gives notice. A connection that has another credential by now, or has ended, is left as
 * it is: false. One that was refused stays refused when its time is over too: no later end makes it good.
 */
export async function changeStatus(options: ChangeStatusOptions, change: StatusChange): Promise<boolean> {
  const { store } = options;
  const { tenant, connection, status, reason, stillHolds } = change;
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await store.get(tenant, 'connection', connection.id);
    if (!row || row.value.secretVersion !== connection.value.secretVersion || row.value.status === 'disconnected') return false;
    if (stillHolds?.(row.value) === false) return false;
    if (row.value.status === status || row.value.status === 'token_invalid') return true;
    const value = { ...row.value, status, statusReason: reason };
    const verdict = await store.write(tenant, [{ put: 'connection', id: row.id, name: row.name, expect: row.version, value }]);
    if (verdict.status === 'conflict') continue;
    await alignGate(options, tenant, row.id);
    tellStatus(options, { tenant, row, to: status, reason });
    return true;
  }
  return false;
}

/** A status that has been written. */
interface WrittenStatus {
  readonly tenant: string;
  /** As it was before. */
  readonly row: Row<'connection'>;
  readonly to: ConnectionStatus;
  readonly reason: Notices['connection.status_changed']['reason'];
}

/** Gives notice of a status that the hub has changed by itself. */
export function tellStatus(
  { notify, clock }: Pick<ChangeStatusOptions, 'notify' | 'clock'>,
  { tenant, row, to, reason }: WrittenStatus,
): void {
  const { status: from, connector: connectorId } = row.value;
  notify('connection.status_changed', { tenant, connectionId: row.id, connectorId, from, to, reason, at: clock.now() });
}
