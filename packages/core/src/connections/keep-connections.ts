import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Change, ConfigurationStore, Row } from '../contracts/configuration-store.ts';
import { alignGate } from './align-gate.ts';
import { takenAway } from './announce-connection.ts';
import { type ChangeStatusOptions, tellStatus } from './change-status.ts';
import { areRegistrationsDue, isExpired, lookAgainMs, reminderDue, withDueAt } from './due-at.ts';
import { isAnnounced } from './holds-place.ts';

/** What looking after connections needs. */
export interface KeepConnectionsOptions extends ChangeStatusOptions {
  readonly store: Pick<ConfigurationStore, 'dueConnections' | 'find' | 'get' | 'write'>;
  /** Days before the end of a credential. */
  readonly remindDays: readonly number[];
  /** Asks the service of a connection that could not be used, and writes what it shows. Never throws. */
  readonly lookAgain: (tenant: string, row: Row<'connection'>) => Promise<void>;
  /** Looks after its webhooks at the service, and writes when that is to be done next. Never throws. */
  readonly keepRegistrations: (tenant: string, row: Row<'connection'>) => Promise<void>;
}

/** Connections of one look, and looks of one turn; what is left is for the next. */
const pageSize = 100;
const mostLooks = 100;

/** Races that are tried again before they are left to the next turn. */
const writeTries = 5;

/**
 * Does for every connection that is due what is due: forgets the credential before the last, reminds of one that ends, ends one that has, and asks
 * again where an account could not be used, and looks after webhooks at the service; what was begun and never connected is taken away. Each is written before it is told, so that of several processes one does it.
 */
export async function keepConnections(options: KeepConnectionsOptions): Promise<void> {
  const failures: unknown[] = [];
  for (let look = 0; look < mostLooks; look += 1) {
    const due = await options.store.dueConnections({ by: options.clock.now(), limit: pageSize });
    let moved = 0;
    for (const { tenant, connection } of due) {
      try {
        if (await keepConnection(options, tenant, connection)) moved += 1;
      } catch (error) {
        // One that cannot be written must not hold up the others.
        failures.push(error);
      }
    }
    if (due.length < pageSize || moved === 0) break;
  }
  if (failures.length > 0) throw failures[0];
}

/** False where nothing was written. */
async function keepConnection(options: KeepConnectionsOptions, tenant: string, id: string): Promise<boolean> {
  const { store, clock } = options;
  for (let tries = 0; tries < writeTries; tries += 1) {
    const found = await store.get(tenant, 'connection', id);
    const now = clock.now();
    if (!isDue(found, now)) return false;
    if (isAnnounced(found.value)) return takeAway(options, tenant, found);
    const looksAgain = found.value.status === 'error' && (found.value.lastCheck?.at ?? 0) + lookAgainMs <= now;
    if (looksAgain) await options.lookAgain(tenant, found);
    const keepsWebhooks = areRegistrationsDue(found.value, now);
    if (keepsWebhooks) await options.keepRegistrations(tenant, found);
    const row = looksAgain || keepsWebhooks ? await store.get(tenant, 'connection', id) : found;
    if (!isDue(row, now)) return true;
    const next = nextOf(options, row.value, now);
    const verdict = await store.write(tenant, await changesOf(options, { tenant, row, next }));
    if (verdict.status === 'conflict') continue;
    await tell(options, { tenant, row, next });
    return true;
  }
  return false;
}

/** A flow that nobody has finished in its time. */
async function takeAway(options: KeepConnectionsOptions, tenant: string, row: Row<'connection'>): Promise<boolean> {
  const verdict = await options.store.write(tenant, [takenAway(row)]);
  return verdict.status === 'written';
}

function isDue(row: Row<'connection'> | null, now: number): row is Row<'connection'> {
  return row?.value.dueAt !== undefined && row.value.dueAt <= now;
}

function nextOf({ remindDays }: KeepConnectionsOptions, record: ConnectionRecord, now: number): ConnectionRecord {
  const { previousUntil, ...rest } = record;
  const held = previousUntil === undefined || previousUntil <= now ? rest : record;
  // Whoever looked after them has moved the time on; where nobody could, the connection would stay due.
  const kept = areRegistrationsDue(held, now) ? { ...held, registrationsDueAt: now + lookAgainMs } : held;
  const canEnd = record.status === 'active' || record.status === 'error';
  // A service that is away leaves the look as it was; without this the connection would stay due.
  const looked = record.status === 'error' && record.lastCheck ? { ...kept, lastCheck: { ...record.lastCheck, at: now } } : kept;
  if (canEnd && isExpired(record, now)) return withDueAt({ ...looked, status: 'token_expired', statusReason: 'expired' }, remindDays);
  const days = canEnd ? reminderDue(record, remindDays, now) : null;
  return withDueAt(days === null ? looked : { ...looked, remindedDays: days }, remindDays);
}

interface Step {
  readonly tenant: string;
  readonly row: Row<'connection'>;
  readonly next: ConnectionRecord;
}

async function changesOf({ store }: KeepConnectionsOptions, { tenant, row, next }: Step): Promise<readonly Change[]> {
  const changes: Change[] = [{ put: 'connection', id: row.id, name: row.name, expect: row.version, value: next }];
  if (row.value.previousUntil === next.previousUntil) return changes;
  const held = await store.find(tenant, 'credential', row.id);
  if (held?.value.previous) {
    const { previous: _, ...value } = held.value;
    changes.push({ put: 'credential', id: held.id, name: held.name, expect: held.version, value });
  }
  return changes;
}

async function tell(options: KeepConnectionsOptions, { tenant, row, next }: Step): Promise<void> {
  const { notify, clock } = options;
  if (next.status !== row.value.status) {
    await alignGate(options, tenant, row.id);
    tellStatus(options, { tenant, row, to: next.status, reason: 'expired' });
  }
  if (next.remindedDays === row.value.remindedDays || next.remindedDays === undefined) return;
  notify('connection.credential_expiring', {
    tenant,
    connectionId: row.id,
    connectorId: next.connector,
    expiresAt: next.credentialExpiresAt ?? 0,
    days: next.remindedDays,
    at: clock.now(),
  });
}
