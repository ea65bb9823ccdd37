import { PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { type FakeClock, fakeClock } from '@patchbay/testing';
import type { CallEnding, GuardedCall } from '../../../core/src/gateway/call-guard.ts';
import { type Breakers, createBreakers } from '../../../core/src/gateway/resilience/create-breakers.ts';
import { depotConnector } from './depot-connector.ts';

/** How the service takes a call. */
export type Weather = 'works' | 'fails' | 'refuses';

/** One process that calls the service through its own breakers. */
export interface BreakerProcess {
  readonly breakers: Breakers;
  /** Begins a call that may last so long: what ends it, or the milliseconds after which it may come again. @default 30,000 */
  begin(forMs?: number): Promise<((weather: Weather | 'unsent') => Promise<void>) | number>;
  /** A whole call. True where it went out. */
  call(weather: Weather): Promise<boolean>;
  /** The process dies: what it holds is never given back. */
  die(): void;
}

/** Several processes over one store, with a clock that stands still. */
export interface BreakerStage {
  readonly clock: FakeClock;
  readonly storage: Storage<never>;
  readonly connection: GuardedCall['connection'];
  readonly notices: { readonly name: string; readonly opens?: number }[];
  process(): BreakerProcess;
  close(): Promise<void>;
}

export const origin = 'https://api.example.com';
const timeoutMs = 30_000;
const { definition } = depotConnector({ origin });
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const figures = { calls: 20, leastCalls: 10, share: 0.5, firstOpenMs: 10_000, longestOpenMs: 80_000 };
const good: CallEnding = { sent: true, status: 200, headers: {}, fault: null, durationMs: 5, requestBytes: 0, responseBytes: 0 };

const endings: Readonly<Record<Weather | 'unsent', CallEnding>> = {
  works: good,
  fails: { ...good, status: 503, fault: new PatchbayError({ code: 'provider_unavailable', message: 'x', details: { status: 503 } }) },
  refuses: { ...good, status: 404, fault: new PatchbayError({ code: 'provider_not_found', message: 'x', details: { status: 404 } }) },
  unsent: { ...good, sent: false, status: null, fault: new PatchbayError({ code: 'overloaded', message: 'x' }) },
};

const connectionOf = (id: string): GuardedCall['connection'] => ({
  id,
  name: `depot/${id}`,
  version: 1,
  updatedAt: 0,
  value: {
    connector: 'depot',
    name: id,
    status: 'active',
    owner: null,
    externalAccountId: null,
    externalAccountName: null,
    settings: {},
    metadata: {},
    secretVersion: 1,
    connectedAt: 0,
  },
});

/** Makes a stage. */
export function breakerStage(): BreakerStage {
  const clock = fakeClock();
  const storage = memoryStorage({ clock });
  const connection = connectionOf('c1');
  const notices: BreakerStage['notices'] = [];
  let processes = 0;
  const shared = { clock, now: () => storage.now(), logger: quiet, random: () => 0, figures, wake: () => undefined };
  const notify = (name: string, notice: object): void =>
    void notices.push({ name, ...('opens' in notice && typeof notice.opens === 'number' ? { opens: notice.opens } : {}) });
  return {
    clock,
    storage,
    connection,
    notices,
    process() {
      processes += 1;
      const { states, gates, leases } = storage;
      const breakers = createBreakers({ ...shared, states, gates, leases, holder: `p${processes}`, notify });
      let isDead = false;
      const begin: BreakerProcess['begin'] = async (forMs = timeoutMs) => {
        const startedAt = clock.monotonic();
        const call: GuardedCall = { ...callOf(connection), startedAt, endsAt: startedAt + forMs };
        try {
          await breakers.admit(call);
        } catch (error) {
          return error instanceof PatchbayError ? (error.retryAfterMs ?? 0) : 0;
        }
        return async (weather) => {
          if (isDead) return;
          breakers.ended(call, endings[weather]);
          await breakers.flush();
        };
      };
      return {
        breakers,
        begin,
        async call(weather) {
          const end = await begin();
          if (typeof end === 'number') return false;
          await end(weather);
          return true;
        },
        die: () => {
          isDead = true;
        },
      };
    },
    close: () => storage.close(),
  };
}

const callOf = (connection: GuardedCall['connection']): GuardedCall => ({
  tenant: 'acme',
  connection,
  definition,
  origin,
  method: 'GET',
  template: '/v1/items',
  author: 'connector',
  operation: 'read',
  signal: new AbortController().signal,
  startedAt: 0,
  endsAt: 0,
  maximumWaitMs: 2_000,
});
