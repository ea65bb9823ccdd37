import { sampleConnector } from '../../../connector/__fixtures__/sample-connector.ts';
import type { AnyDefinition } from '../../../connector/connector-definition.ts';
import { connectionRecord } from '../../../contracts/__fixtures__/connection-record.ts';
import type { LimitDeclaration } from '../../../contracts/limit-declaration.ts';
import type { StateEntry, StateStore } from '../../../contracts/state-store.ts';
import { isPatchbayError, type PatchbayError } from '../../../errors/patchbay-error.ts';
import { createManualClock } from '../../../net/__fixtures__/manual-clock.ts';
import type { CallEnding, GuardedCall } from '../../call-guard.ts';
import type { Limited } from '../connection-limits.ts';
import { createLimits, type Limits, type LimitsOptions } from '../create-limits.ts';

/** A store of states that several processes share, and that counts what is asked of it. */
export function sharedStates(now: () => number) {
  const entries = new Map<string, StateEntry>();
  const counts = { writes: 0, reads: 0, conflicts: 0 };
  let failing = false;
  const awake = async (): Promise<void> => {
    await Promise.resolve();
    if (failing) throw new Error('away');
  };
  const store: StateStore = {
    async write(items) {
      await awake();
      return items.map(({ tenant, name, expect, value }) => {
        const key = `${tenant}/${name}`;
        const version = entries.get(key)?.version ?? 0;
        if (expect !== 'any' && version !== (expect === 'absent' ? 0 : expect)) {
          counts.conflicts += 1;
          return { status: 'conflict' as const };
        }
        counts.writes += 1;
        if (value === null) entries.delete(key);
        else entries.set(key, { name, version: version + 1, value: JSON.parse(JSON.stringify(value)), updatedAt: now() });
        return { status: 'written' as const };
      });
    },
    async read(tenant, name) {
      await awake();
      counts.reads += 1;
      return entries.get(`${tenant}/${name}`) ?? null;
    },
    async list(tenant, prefix) {
      await awake();
      counts.reads += 1;
      const found = [...entries].filter(([key]) => key.startsWith(`${tenant}/${prefix}`)).map(([, entry]) => entry);
      return { entries: found, cursor: null };
    },
  };
  const fail = (isAway: boolean): void => {
    failing = isAway;
  };
  return { store, counts, entries, fail };
}

/** What a call of a test says of itself. */
export type CallInput = Partial<
  Pick<GuardedCall, 'tenant' | 'method' | 'template' | 'operation' | 'author' | 'maximumWaitMs' | 'signal'>
> & {
  readonly connectionId?: string;
};

const record = connectionRecord({ settings: { site: 'acme' } });

/** Several processes with one store and one clock. */
export function limitStage(definition: Partial<Pick<AnyDefinition, 'limits' | 'rateLimit'>> = {}, options: Partial<LimitsOptions> = {}) {
  const clock = createManualClock();
  const ahead = Date.UTC(2026, 5, 1);
  const states = sharedStates(() => ahead + clock.monotonic());
  const limited: Limited[] = [];
  const connector = sampleConnector(definition).definition;
  let processes = 0;

  const start = (): Limits => {
    processes += 1;
    return createLimits({
      states: states.store,
      clock,
      now: async () => ahead + clock.monotonic(),
      holder: `process-${processes}`,
      random: () => 0.5,
      hostLimitsOf: () => none,
      planQuota: null,
      onLimited: (each) => limited.push(each),
      ...options,
    });
  };

  const callOf = ({ connectionId = 'c1', ...input }: CallInput = {}): GuardedCall => ({
    tenant: 'acme',
    connection: { id: connectionId, name: 'sample/main', version: 1, updatedAt: 0, value: record },
    definition: connector,
    origin: 'https://api.example.com',
    method: 'GET',
    template: '/items',
    author: 'connector',
    operation: 'list',
    signal: new AbortController().signal,
    startedAt: clock.monotonic(),
    endsAt: clock.monotonic() + 30_000,
    maximumWaitMs: 0,
    ...input,
  });

  /** Lets the request in, or answers why not. */
  const enter = async (limits: Limits, call: GuardedCall): Promise<PatchbayError | undefined> => {
    try {
      await limits.guard.admit(call);
      return undefined;
    } catch (error) {
      if (isPatchbayError(error)) return error;
      throw error;
    }
  };

  return { clock, states, limited, start, callOf, enter };
}

const none: readonly LimitDeclaration[] = [];

/** An answer as guards are told of it. */
export function ending(headers: Record<string, string>, more: Partial<CallEnding> = {}): CallEnding {
  return { sent: true, status: 200, headers, fault: null, durationMs: 1, requestBytes: 0, responseBytes: 0, ...more };
}

/** Resolves when it is true, however many turns of the event loop that takes. */
export async function eventually(isTrue: () => boolean): Promise<void> {
  for (let turns = 0; !isTrue(); turns += 1) {
    if (turns > 100_000) throw new Error('It did not become true.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
