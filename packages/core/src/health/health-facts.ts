import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import type { Gate } from '../contracts/control-stores.ts';
import type { HealthFacts } from './judge-health.ts';

/** What a connection's record and the closed gates of its lane say of its health. */
export function factsFrom(record: ConnectionRecord, closed: readonly Gate[]): HealthFacts {
  return {
    connector: record.connector,
    status: record.status,
    credentialExpiresAt: record.credentialExpiresAt ?? null,
    breaker: closed.some(({ reason }) => reason === 'breaker') ? 'open' : 'closed',
    quotaLeft: closed.some(({ reason }) => reason === 'rate_limited') ? 0 : null,
  };
}
