import type { AttemptRecord, DispatchKey, ErrorRecord, HistoryStore } from '@patchbay/core/adapter';
import type { OpenDatabase, Statement } from '../database/database.ts';
import { tenants } from '../database/scope.ts';
import { number, optionalJson, optionalNumber, optionalText, type Row, text } from '../row.ts';
import { isUuid } from './is-uuid.ts';

const byKey = 'a.tenant = $1 and a.root = $2::uuid and a.target = $3 and a.replay = $4::int and a.path = $5';

/** The attempts of a dispatch; the one that ended it stands with it in the history. */
const statement: Statement = {
  name: 'attempts',
  text: (schema) => `
select a.number, a.round, a.outcome, ${schema}.millis(a.started_at) as started_at, a.duration_ms, a.holder, a.fence, a.error, a.retry_in_ms,
  a.provider_request_id, a.warnings, a.exchange
from ${schema}.attempts a where ${byKey}
union all
select a.last_attempt, a.round, a.attempt_outcome, ${schema}.millis(a.attempt_started_at), a.attempt_duration_ms, a.attempt_holder,
  a.fence, a.error, a.attempt_retry_in_ms, a.attempt_provider_request_id, a.attempt_warnings, a.attempt_exchange
from ${schema}.dispatch_history a where ${byKey} and a.attempt_outcome is not null
order by number`,
};

// The words of this column come from this package's own statements only.
const isOutcome = (value: string): value is AttemptRecord['outcome'] => /^(succeeded|failed|unknown)$/.test(value);

function outcomeOf(value: string): AttemptRecord['outcome'] {
  if (isOutcome(value)) return value;
  throw new TypeError(`The outcome ${value} of an attempt is not known to this version of the package.`);
}

const attemptRecord = (row: Row, key: DispatchKey): AttemptRecord => ({
  key: { ...key },
  number: number(row, 'number'),
  round: number(row, 'round'),
  outcome: outcomeOf(text(row, 'outcome')),
  startedAt: number(row, 'started_at'),
  durationMs: optionalNumber(row, 'duration_ms'),
  holder: text(row, 'holder'),
  fence: number(row, 'fence'),
  error: optionalJson<ErrorRecord>(row, 'error'),
  retryInMs: optionalNumber(row, 'retry_in_ms'),
  providerRequestId: optionalText(row, 'provider_request_id'),
  warnings: optionalJson<readonly string[]>(row, 'warnings') ?? [],
  exchange: optionalText(row, 'exchange'),
});

/** Reads of attempts. */
export const attemptHistory = (database: OpenDatabase): Pick<HistoryStore, 'attempts'> => ({
  async attempts(key) {
    if (!isUuid(key.root)) return [];
    const { tenant, root, target, replay, path } = key;
    const rows = await database.within(tenants(tenant)).query(statement, [tenant, root, target, replay, path]);
    return rows.map((row) => attemptRecord(row, { tenant, root, target, replay, path }));
  },
});
