import { inProcessQueue, type Retention, type Storage, systemClock } from '@patchbay/core/adapter';
import type { ClientBase, Pool } from 'pg';
import { postgresAudit } from './audit/postgres-audit.ts';
import { listTenants } from './configuration/list-tenants.ts';
import { postgresConfiguration } from './configuration/postgres-configuration.ts';
import { postgresCounters } from './control/postgres-counters.ts';
import { postgresFlows } from './control/postgres-flows.ts';
import { postgresGates } from './control/postgres-gates.ts';
import { postgresJournal } from './control/postgres-journal.ts';
import { postgresLeases } from './control/postgres-leases.ts';
import { postgresReceipts } from './control/postgres-receipts.ts';
import { postgresStates } from './control/postgres-states.ts';
import { type Database, type DatabaseOptions, openDatabase, type Statement } from './database/database.ts';
import { everyone, nobody } from './database/scope.ts';
import { attemptHistory } from './history/attempt-history.ts';
import { dispatchHistory } from './history/dispatch-history.ts';
import { eventHistory } from './history/event-history.ts';
import { runHistory } from './history/run-history.ts';
import { hotStore } from './ledger/hot-store.ts';
import { maintainTables } from './maintenance/maintain.ts';
import { planRetention } from './maintenance/retention.ts';
import { postgresQueue } from './queue/postgres-queue.ts';
import { number } from './row.ts';
import { checkSchemaName } from './schema/check-schema-name.ts';
import { checkTables } from './schema/check-tables.ts';
import { applyMigrations } from './schema/migrate.ts';
import { malformed } from './storage-error.ts';
import { checkRowLevelSecurity, checkWall, type RowLevelSecurity } from './wall/check-wall.ts';

/** What {@link postgresStorage} stands on. */
export interface PostgresStorageOptions {
  /** The host's pool. It stays the host's: nothing is set on its connections, and it is never ended. */
  readonly pool: Pool;
  /** Schema of the tables; lower-case letters, digits and underscores. @default 'patchbay' */
  readonly schema?: string;
  /** Prepares each statement once per connection. Turn it off behind a pooler that hands out connections per transaction. @default true */
  readonly prepare?: boolean;
  /**
   * Wakes other processes by NOTIFY, and listens on one connection besides the pool's while this process is a worker. Without it they find
   * work at their poll interval. @default true
   */
  readonly notify?: boolean;
  /**
   * Milliseconds for which a call waits for a connection of the pool, and for each answer of the server; then it fails as one that may be
   * repeated, and the connection is closed. It ends waits that the network would not, and is longer than every wait for a lock. 3,000 to
   * 600,000. @default 10,000
   */
  readonly answerMs?: number;
  /**
   * The tenants of each call as a second wall in the server. `off`: nothing is said of them, and `ready()` refuses a role that is walled
   * in. `prepared`: each call says whose rows it is for, at two more round trips, whether the wall stands or not; for the time in which it
   * is put up. `required`: besides, `ready()` refuses a role or tables for which the wall does not hold. @default 'off'
   */
  readonly rowLevelSecurity?: RowLevelSecurity;
  /** How long what has ended is kept. @default 90 days of history, 30 days of dedupe keys */
  readonly retention?: Retention;
}

const clock: Statement = { name: 'now', text: (schema) => `select ${schema}.millis(${schema}.clock()) as now` };

async function now(database: Database): Promise<number> {
  const [row] = await database.query(clock, []);
  return row === undefined ? 0 : number(row, 'now');
}

/** Longest wait for one statement of maintenance, milliseconds: it may empty a large partition, and nobody waits for it. */
const maintenanceMs = 600_000;

/** Throws `invalid_argument`. Statements wait two seconds for a lock, which must not look like a server that is gone. */
function checkAnswerMs(answerMs: number): number {
  if (Number.isInteger(answerMs) && answerMs >= 3_000 && answerMs <= maintenanceMs) return answerMs;
  throw malformed('The option answerMs is a whole number of milliseconds from 3000 to 600000. Correct it.');
}

/** Leaves it to the pool to replace a connection that breaks while idle: without a listener the process would end. */
function surviveBrokenConnections(pool: Pool): () => void {
  const ignore = (): void => {};
  pool.on('error', ignore);
  return () => pool.off('error', ignore);
}

/**
 * Keeps everything in PostgreSQL, for any number of processes. What has been answered is committed, as durable as the server's
 * `synchronous_commit` makes it. Throws `invalid_argument` for an unusable name of the schema or retention; every call throws `storage_unavailable`
 * while the server cannot be reached and `not_ready` where its tables are missing, which `ready()` says better.
 */
export function postgresStorage(options: PostgresStorageOptions): Storage<ClientBase> {
  const { pool } = options;
  const schema = checkSchemaName(options.schema ?? 'patchbay');
  const answerMs = checkAnswerMs(options.answerMs ?? 10_000);
  const rowLevelSecurity = checkRowLevelSecurity(options.rowLevelSecurity ?? 'off');
  const opening: DatabaseOptions = { pool, schema, prepare: options.prepare ?? true, answerMs, scoped: rowLevelSecurity !== 'off' };
  const database = openDatabase(opening);
  const free = database.within(nobody);
  const retention = planRetention(options.retention);
  const queue = (options.notify ?? true) ? postgresQueue({ database: free, clock: systemClock }) : inProcessQueue(systemClock);
  const stopSurviving = surviveBrokenConnections(pool);
  return {
    name: 'postgres',
    capabilities: { durable: true, shared: true, hostTransaction: true, retention: true },
    ...hotStore(database),
    configuration: postgresConfiguration(database),
    audit: postgresAudit(database),
    gates: postgresGates(database),
    leases: postgresLeases(database),
    counters: postgresCounters(database),
    states: postgresStates(database),
    flows: postgresFlows(database),
    receipts: postgresReceipts(database),
    journal: postgresJournal(database),
    history: { ...eventHistory(database), ...runHistory(database), ...dispatchHistory(database), ...attemptHistory(database) },
    queue,
    now: () => now(free),
    listTenants: (request) => listTenants(database, request),
    async ready({ migrate = false } = {}) {
      if (migrate) await applyMigrations(free);
      await checkTables(free);
      await checkWall(free, rowLevelSecurity);
    },
    async maintain() {
      await maintainTables(openDatabase({ ...opening, answerMs: maintenanceMs }).within(everyone), retention);
    },
    async close() {
      stopSurviving();
      await queue.close();
    },
  };
}
