import { runWithin } from '../bounds/run-within.ts';
import type { ExternalAccount } from '../connector/iconnector.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { openConnection } from './open-connection.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a look at a connection showed. Times are milliseconds. */
export interface ConnectionHealth {
  readonly healthy: boolean;
  readonly message: string;
  readonly latencyMs: number;
  readonly account: ExternalAccount | null;
  readonly checkedAt: number;
}

/** Milliseconds for one check. */
const timeoutMs = 10_000;

/** Runs the connector's health check for one connection. Never throws for what the service answers. */
export async function checkHealth(scope: TenantScope, row: Row<'connection'>): Promise<ConnectionHealth> {
  const { clock } = scope;
  const startedAt = clock.monotonic();
  const health = await look(scope, row);
  return { ...health, latencyMs: clock.monotonic() - startedAt, checkedAt: clock.now() };
}

async function look(scope: TenantScope, row: Row<'connection'>): Promise<Pick<ConnectionHealth, 'healthy' | 'message' | 'account'>> {
  const { registry, clock } = scope;
  try {
    const connector = registry.get(row.value.connector);
    const what = `The health check of ${connector.id}`;
    const report = await runWithin({ clock, timeoutMs, signal: new AbortController().signal, what }, async (signal) => {
      const session = await openConnection(scope, row, { author: 'connector', signal, timeoutMs });
      return connector.healthCheck({ http: session.http, settings: session.settings, signal });
    });
    return {
      healthy: report.healthy,
      message: report.message ?? (report.healthy ? 'ok' : 'The service does not answer as it does for a working account.'),
      account: report.account ?? null,
    };
  } catch (error) {
    return { healthy: false, message: toErrorRecord(error).message, account: null };
  }
}
