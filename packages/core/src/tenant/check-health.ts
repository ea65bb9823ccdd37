import { endsByRenewal } from '../connections/held-credential.ts';
import { recordCheck } from '../connections/record-check.ts';
import type { ExternalAccount } from '../connector/iconnector.ts';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { type CheckReport, checkServiceTwice } from '../gateway/check-service.ts';
import { isRenewed, type Opened, openToCheck } from './open-connection.ts';
import { statusOptions } from './status-options.ts';
import { storedChoices } from './stored-choices.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a look at a connection showed. Times are milliseconds. */
export interface ConnectionHealth {
  readonly healthy: boolean;
  readonly message: string;
  readonly latencyMs: number;
  readonly account: ExternalAccount | null;
  readonly checkedAt: number;
  /** Status of the connection after the look. */
  readonly status: ConnectionStatus;
}

/**
 * Runs the connector's health check for one connection, keeps what it shows and moves the connection's status by it. Never throws for what the
 * service answers.
 */
export async function checkHealth(scope: TenantScope, row: Row<'connection'>, how: HowToLook = {}): Promise<ConnectionHealth> {
  const { clock } = scope;
  const startedAt = clock.monotonic();
  const { report, status } = await look(scope, row, how);
  const { message, account } = report;
  const latencyMs = clock.monotonic() - startedAt;
  const health = { healthy: report.verdict === 'good', message, account, latencyMs, checkedAt: clock.now(), status };
  noteCheck(scope, row, { health, how });
  return health;
}

/** Who looks. */
export interface HowToLook {
  /** The hub by itself, again and again. @default somebody has asked */
  readonly isRoutine?: boolean;
}

interface NotedCheck {
  readonly health: ConnectionHealth;
  readonly how: HowToLook;
}

/** What a look showed counts for the score. One that has ended was not looked at. */
function noteCheck({ tenant, health: { book, checks } }: TenantScope, { id }: Row<'connection'>, { health, how }: NotedCheck): void {
  const { status, ...check } = health;
  const { checkedAt, healthy, latencyMs } = check;
  if (status === 'disconnected' || status === 'initializing') return;
  checks.add({ tenant, connection: id }, { ...check, by: how.isRoutine === true ? 'hub' : 'host' });
  const seen = book.note(tenant, id, true);
  if (seen !== undefined) seen.check = { at: Math.floor(checkedAt), healthy, latencyMs: Math.round(latencyMs) };
}

interface Look {
  readonly report: CheckReport;
  readonly status: ConnectionStatus;
}

async function look(scope: TenantScope, row: Row<'connection'>, { isRoutine = false }: HowToLook): Promise<Look> {
  const { tenant } = scope;
  try {
    const { opened, report } = await ask(scope, row);
    const { auth } = scope.registry.getFor(row.value).definition;
    const isGrant = endsByRenewal(auth, opened.credential);
    const after = await recordCheck(statusOptions(scope), { tenant, connection: opened.connection, isGrant, isRoutine, ...report });
    // One that was deleted meanwhile has ended, and nothing is kept of the look.
    const status = after?.value.status ?? 'disconnected';
    if (after !== null && after.version !== opened.connection.version) scope.cache.forget(tenant);
    return { report, status };
  } catch (error) {
    return { report: { verdict: 'unknown', message: toErrorRecord(error).message, account: null }, status: row.value.status };
  }
}

/** An access token that is refused may only have ended early: it is renewed, and asked with once more. */
async function ask(scope: TenantScope, row: Row<'connection'>): Promise<{ readonly opened: Opened; readonly report: CheckReport }> {
  const { tenant, gateway, registry } = scope;
  const connector = registry.getFor(row.value);
  const choices = await storedChoices(scope, connector.definition);
  const opened = await openToCheck(scope, row);
  const report = await checkServiceTwice(gateway, { tenant, connector, choices, ...opened });
  if (report.verdict !== 'refused' || !(await isRenewed(scope, opened.connection, opened.connection.value.secretVersion)))
    return { opened, report };
  const renewed = await openToCheck(scope, opened.connection);
  return { opened: renewed, report: await checkServiceTwice(gateway, { tenant, connector, choices, ...renewed }) };
}
