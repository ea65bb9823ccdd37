import type { Clock } from './clock/clock.ts';
import { type ConfigurationStore, hubScope } from './contracts/configuration-store.ts';
import type { Executor } from './contracts/executor.ts';
import type { HistoryStore } from './contracts/history-store.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import { isEventPattern } from './event/matches-pattern.ts';
import { createSubscriberExecutor, type SubscriberFunction } from './events/create-subscriber-executor.ts';
import type { GenerateId } from './id/generate-id.ts';
import type { Logger } from './logger/logger.ts';

/** The host's named functions that receive events. */
export interface Subscribers {
  /** Throws `invalid_argument` for a malformed pattern or name, and `conflict` for a name used twice in this process. */
  readonly add: (pattern: string, options: SubscribeOptions, call: SubscriberFunction) => void;
  /** Stores what was added since; events committed afterwards reach them. */
  store(): Promise<void>;
  /** Takes the function out of this process and the name out of the store. A name that is not there is as it should be. */
  retire(name: string): Promise<void>;
}

/** What subscribers need. */
export interface SubscribersOptions {
  readonly store: Pick<ConfigurationStore, 'find' | 'write'>;
  readonly history: Pick<HistoryStore, 'event'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly executors: Map<string, Executor>;
  readonly generateId: GenerateId;
  readonly figures: { readonly maximumAttempts: number; readonly maximumCrashes: number };
  readonly backoffMs: (attempts: number, random: number) => number;
}

interface Subscription {
  readonly name: string;
  readonly pattern: string;
}

/** How a host's function is called. */
export interface SubscribeOptions {
  /** The same in every process; events wait for it under this name. */
  readonly name: string;
  /** Milliseconds for one call; then it is given up, and tried again. @default 300,000 */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 300_000;

/** 24 hours. */
const longestTimeoutMs = 86_400_000;

const nameShape = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** Races that are tried again before they are given up. */
const writeTries = 20;

/** Keeps name and pattern in the store, where routing reads them, and the functions in this process. */
export function createSubscribers(options: SubscribersOptions): Subscribers {
  const { executors } = options;
  let pending: readonly Subscription[] = [];
  return {
    add(pattern, { name, timeoutMs = defaultTimeoutMs }, call) {
      check(pattern, { name, timeoutMs }, call);
      const executor = createSubscriberExecutor({ ...options, name, timeoutMs, call });
      if (executors.has(executor.handler))
        throw new PatchbayError({ code: 'conflict', message: `This process has a subscriber ${name} already. Give each its own name.` });
      executors.set(executor.handler, executor);
      pending = [...pending, { name, pattern }];
    },
    async store() {
      for (let [next] = pending; next; [next] = pending) {
        const stored = next;
        await write(options, stored, () => pending.includes(stored));
        pending = pending.filter((each) => each !== stored);
      }
    },
    async retire(name) {
      executors.delete(`subscriber:${name}`);
      pending = pending.filter((each) => each.name !== name);
      await remove(options, name);
    },
  };
}

function check(pattern: string, { name, timeoutMs }: Required<SubscribeOptions>, call: SubscriberFunction): void {
  const fault = !isEventPattern(pattern)
    ? `The pattern ${String(pattern).slice(0, 200)} is not dotted segments of names and *. Use one such as github.issue.*.`
    : typeof name !== 'string' || !nameShape.test(name)
      ? "A subscriber's name is 1 to 100 letters, digits, dots, hyphens and underscores."
      : typeof call !== 'function'
        ? `The subscriber ${name} has no function to call. Pass one.`
        : isTimeout(timeoutMs)
          ? null
          : `The timeoutMs of the subscriber ${name} is no whole number of milliseconds from 1 to ${longestTimeoutMs}.`;
  if (fault !== null) throw new PatchbayError({ code: 'invalid_argument', message: fault });
}

const isTimeout = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= longestTimeoutMs;

async function write({ store, generateId }: SubscribersOptions, value: Subscription, isWanted: () => boolean): Promise<void> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = await store.find(hubScope, 'subscriber', value.name);
    // Retired while it was being stored: it must not come back.
    if (row?.value.pattern === value.pattern || !isWanted()) return;
    const verdict = await store.write(hubScope, [
      { put: 'subscriber', id: row?.id ?? generateId(), name: value.name, expect: row?.version ?? 'absent', value },
    ]);
    if (verdict.status === 'written') return;
  }
  throw new PatchbayError({
    code: 'conflict',
    message: `The subscriber ${value.name} is being registered with different patterns by several processes. Deploy one of them.`,
    retryable: true,
  });
}

async function remove({ store }: SubscribersOptions, name: string): Promise<void> {
  for (let tries = 0; tries < writeTries; tries += 1) {
    const row = nameShape.test(name) ? await store.find(hubScope, 'subscriber', name) : null;
    if (!row) return;
    const verdict = await store.write(hubScope, [{ delete: 'subscriber', id: row.id, expect: row.version }]);
    if (verdict.status === 'written') return;
  }
  throw new PatchbayError({
    code: 'conflict',
    message: `The subscriber ${name} is being registered again by other processes. Take its code out of them first.`,
    retryable: true,
  });
}
