import { type ConfigurationStore, hubScope } from './contracts/configuration-store.ts';
import type { Executor } from './contracts/executor.ts';
import type { HistoryStore } from './contracts/history-store.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import { isEventPattern } from './event/matches-pattern.ts';
import { createSubscriberExecutor, type SubscriberFunction } from './events/create-subscriber-executor.ts';
import type { GenerateId } from './id/generate-id.ts';

/** The host's named functions that receive events. */
export interface Subscribers {
  /** Throws `invalid_argument` for a malformed pattern or name, and `conflict` for a name used twice in this process. */
  readonly add: (pattern: string, options: { readonly name: string }, call: SubscriberFunction) => void;
  /** Stores what was added since; events committed afterwards reach them. */
  store(): Promise<void>;
  retire(name: string): Promise<void>;
}

/** What subscribers need. */
export interface SubscribersOptions {
  readonly store: ConfigurationStore;
  readonly history: Pick<HistoryStore, 'event'>;
  readonly executors: Map<string, Executor>;
  readonly generateId: GenerateId;
  readonly figures: { readonly maximumAttempts: number; readonly maximumCrashes: number };
  readonly backoffMs: (attempts: number, random: number) => number;
}

const nameShape = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** Keeps name and pattern in the store, where routing reads them, and the functions in this process. */
export function createSubscribers(options: SubscribersOptions): Subscribers {
  const { store, executors } = options;
  let pending: { readonly name: string; readonly pattern: string }[] = [];
  return {
    add(pattern, { name }, call) {
      if (!isEventPattern(pattern))
        throw new PatchbayError({
          code: 'invalid_argument',
          message: `The pattern ${pattern} is not dotted segments of names and *. Use one such as github.issue.*.`,
        });
      if (!nameShape.test(name))
        throw new PatchbayError({
          code: 'invalid_argument',
          message: "A subscriber's name is 1 to 100 letters, digits, dots, hyphens and underscores.",
        });
      const executor = createSubscriberExecutor({ ...options, name, call });
      if (executors.has(executor.handler))
        throw new PatchbayError({ code: 'conflict', message: `This process has a subscriber ${name} already. Give each its own name.` });
      executors.set(executor.handler, executor);
      pending.push({ name, pattern });
    },
    async store() {
      while (pending.length > 0) {
        const [next] = pending;
        if (!next) return;
        await write(options, next);
        pending = pending.filter((each) => each !== next);
      }
    },
    async retire(name) {
      executors.delete(`subscriber:${name}`);
      const row = await store.find(hubScope, 'subscriber', name);
      if (row) await store.write(hubScope, [{ delete: 'subscriber', id: row.id, expect: row.version }]);
    },
  };
}

async function write({ store, generateId }: SubscribersOptions, value: { readonly name: string; readonly pattern: string }): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const row = await store.find(hubScope, 'subscriber', value.name);
    if (row?.value.pattern === value.pattern) return;
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
