import type { ExternalAccount } from '../connector/iconnector.ts';
import type { ConnectionCheck, ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { alignGate } from './align-gate.ts';
import { type ChangeStatusOptions, tellStatus } from './change-status.ts';
import { lookAgainMs } from './due-at.ts';
import { type CheckVerdict, type StatusWithReason, statusAfterCheck } from './status-after-check.ts';

/** A look at the service, and at which credential of which connection it was. */
export interface RecordedCheck {
  readonly tenant: string;
  readonly connection: Row<'connection'>;
  readonly isGrant: boolean;
  readonly verdict: CheckVerdict;
  readonly message: string;
  readonly account: ExternalAccount | null;
  /** The hub looks by itself, again and again. @default somebody has asked */
  readonly isRoutine?: boolean;
}

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Milliseconds for which a look that shows the same again is not written: each write has every process read the configuration anew. */
const sameFor = 60_000;

/** The same where nobody has asked and the account works: when it was looked at is kept beside its health. */
const routineFor = 86_400_000;

/**
 * Keeps what a look has shown, fills in the account where none was known, and moves the status. Answers the row as it is afterwards; one that
 * has another credential by now, or has ended, is left as it is.
 */
export async function recordCheck(options: ChangeStatusOptions, check: RecordedCheck): Promise<Row<'connection'> | null> {
  const { store, clock } = options;
  const { tenant, connection } = check;
  const last: ConnectionCheck = { at: clock.now(), healthy: check.verdict === 'good', message: check.message };
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await store.get(tenant, 'connection', connection.id);
    if (!row || row.value.secretVersion !== connection.value.secretVersion) return row;
    const moved = statusAfterCheck({ ...check, status: row.value.status });
    const value = withAccount(row.value, check.account);
    const isNothingNew =
      moved === null &&
      value === row.value &&
      isSame(row.value.lastCheck, last, check.isRoutine === true && last.healthy ? routineFor : sameFor);
    if (row.value.status === 'disconnected') return row;
    // A look before may have ended between the status and the lane: one that is closed by that is opened by nobody else.
    if (moved === null && row.value.status === 'active') await alignGate(options, tenant, row.id);
    if (isNothingNew) return row;
    const checked = { ...(moved === null ? value : withStatus(value, moved)), lastCheck: last };
    const next = withNextLook(checked, moved, last.at);
    const verdict = await store.write(tenant, [{ put: 'connection', id: row.id, name: row.name, expect: row.version, value: next }]);
    if (verdict.status === 'conflict') continue;
    if (moved !== null) {
      await alignGate(options, tenant, row.id);
      tellStatus(options, { tenant, row, to: moved.status, reason: moved.reason ?? 'recovered' });
    }
    return { ...row, version: row.version + 1, value: next };
  }
  return store.get(tenant, 'connection', connection.id);
}

/** When the upkeep is to look at it next. An end that was none of its business while the connection could not be used is so again. */
function withNextLook(record: ConnectionRecord, moved: StatusWithReason | null, now: number): ConnectionRecord {
  const isAgainUsed = moved?.status === 'active' && record.credentialExpiresAt !== undefined;
  if (record.status !== 'error' && !isAgainUsed) return record;
  return { ...record, dueAt: Math.min(record.dueAt ?? Number.POSITIVE_INFINITY, isAgainUsed ? now : now + lookAgainMs) };
}

function isSame(before: ConnectionCheck | undefined, last: ConnectionCheck, withinMs: number): boolean {
  return before?.healthy === last.healthy && before.message === last.message && last.at - before.at < withinMs;
}

/** What is known stays: who the account is decides whose events come in. */
function withAccount(record: ConnectionRecord, found: ExternalAccount | null): ConnectionRecord {
  const { externalAccountId: id, externalAccountName: name } = record;
  if (found === null || (id !== null && (id !== found.id || name !== null))) return record;
  return { ...record, externalAccountId: found.id, externalAccountName: found.name };
}

/** The record with another status; an active one has no reason. */
export function withStatus({ statusReason: _, ...record }: ConnectionRecord, { status, reason }: StatusWithReason): ConnectionRecord {
  return { ...record, status, ...(reason === null ? {} : { statusReason: reason }) };
}
