import { createCounts } from '../../batch/create-counts.ts';
import { bucketOf, latencyBuckets } from '../../batch/time-buckets.ts';
import type { Clock } from '../../clock/clock.ts';
import { dayMs } from '../../clock/day-of.ts';
import type { Row } from '../../contracts/configuration-store.ts';
import { hubScope } from '../../contracts/configuration-store.ts';
import type { CounterStore } from '../../contracts/control-stores.ts';
import type { GenerateId } from '../../id/generate-id.ts';
import type { EndpointWatch } from './endpoint-watch.ts';
import type { SentDelivery } from './send-delivery.ts';

/** One attempt that was made. */
export interface RecordedAttempt {
  readonly tenant: string;
  readonly row: Pick<Row<'endpoint'>, 'id' | 'name'>;
  /** Type of the event. */
  readonly type: string;
  readonly sent: Pick<SentDelivery, 'outcome' | 'totalMs'> & { readonly exchange: Pick<SentDelivery['exchange'], 'sent'> };
}

/** Counts the attempts at endpoints, and watches for those that fail. */
export interface DeliveryStatistics {
  record(attempt: RecordedAttempt): void;
  /** Writes what has been counted. Never rejects. */
  flush(): Promise<void>;
}

/** What counting needs. */
export interface DeliveryStatisticsOptions {
  readonly counters: Pick<CounterStore, 'add'>;
  readonly watch: EndpointWatch;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly generateId: GenerateId;
}

/** What a type is counted as beyond the bounds. */
export const otherTypes = '*';

/** Types that this process counts by name in a day: of one endpoint, and of all; and the longest name, characters. */
const most = { types: 200, names: 50_000, characters: 200 };

/** What the name of a count says: an endpoint's attempts of one type, outcome and duration. */
export interface CountedAttempt {
  readonly endpoint: string;
  readonly type: string;
  readonly outcome: 'succeeded' | 'failed';
  /** As `bucketOf` names it; `none` where nothing was sent, which took no time of the endpoint's. */
  readonly bucket: string;
}

/** How the counts of an endpoint begin. */
export const countPrefix = (endpoint: string): string => `delivery:${endpoint}:`;

/** Name of a count. */
export const countName = ({ endpoint, type, outcome, bucket }: CountedAttempt): string =>
  `${countPrefix(endpoint)}${type}:${outcome}:${bucket}`;

/** What {@link countName} wrote; `null` for another name. A type may hold colons itself. */
export function readCountName(name: string): CountedAttempt | null {
  const [, endpoint = '', type = '', outcome = '', bucket = ''] = /^delivery:([^:]+):(.+):(succeeded|failed):(\w+)$/.exec(name) ?? [];
  return outcome === 'succeeded' || outcome === 'failed' ? { endpoint, type, outcome, bucket } : null;
}

/** Counts in memory, and writes at most once a second. */
export function createDeliveryStatistics({ counters, watch, clock, generateId }: DeliveryStatisticsOptions): DeliveryStatistics {
  const overflow = { tenant: hubScope, name: 'delivery:overflow' };
  const counts = createCounts({ send: (batch) => counters.add(batch), clock, generateId, overflow, maximumNames: 4_000 });
  const typeOf = boundTypes(() => Math.floor(clock.now() / dayMs));
  return {
    record({ tenant, row, type, sent }) {
      const { outcome } = sent.outcome;
      const bucket = sent.exchange.sent === 'no' ? 'none' : bucketOf(latencyBuckets, sent.totalMs);
      counts.add(tenant, countName({ endpoint: row.id, type: typeOf(row.id, type), outcome, bucket }));
      watch.note({ tenant, id: row.id, name: row.name }, outcome === 'failed');
    },
    async flush() {
      await Promise.all([counts.flush(), watch.flush()]);
    },
  };
}

/** Who sends events to a receiver makes up their types: neither memory nor the store is to fill with them. */
function boundTypes(today: () => number): (endpoint: string, type: string) => string {
  let day = today();
  let names = 0;
  let known = new Map<string, Set<string>>();
  return (endpoint, type) => {
    if (day !== today()) {
      day = today();
      names = 0;
      known = new Map();
    }
    const types = known.get(endpoint) ?? new Set();
    if (types.has(type)) return type;
    if (types.size >= most.types || names >= most.names || type.length > most.characters) return otherTypes;
    known.set(endpoint, types.add(type));
    names += 1;
    return type;
  };
}
