import type { ClaimedDispatch, IngestItem, Storage } from '@patchbay/core/adapter';
import { expect, it } from 'vitest';
import { createSamples, type Samples } from './samples.ts';
import type { StorageFactory } from './storage-factory.ts';

/** What one test of a suite stands on: an empty store and records to put in. */
export interface Stage {
  readonly storage: Storage;
  readonly samples: Samples;
  advance(ms: number): Promise<void>;
  /** Another instance on the same store; skips the test where there is none. */
  second(): Promise<Storage>;
  /** Has the store maintained; skips the test where nothing goes by its age. */
  maintain(): Promise<void>;
  /** Stores the item and claims its dispatches, all of them. */
  take(item: IngestItem): Promise<readonly ClaimedDispatch[]>;
  /** Stores the item and claims its only dispatch. */
  takeOne(item: IngestItem): Promise<ClaimedDispatch>;
}

/** Declares one test on a store of its own. */
export type Scenario = (title: string, body: (stage: Stage) => Promise<void>) => void;

/** The only element; a test that finds none or several fails here. */
export function only<Item>(items: readonly Item[]): Item {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item === undefined) throw new Error('The list holds undefined.');
  return item;
}

/** Statuses of verdicts, in order. */
export const statuses = (verdicts: readonly { readonly status: string }[]): string[] => verdicts.map((verdict) => verdict.status);

async function take(storage: Storage, samples: Samples, item: IngestItem): Promise<readonly ClaimedDispatch[]> {
  expect(statuses(await storage.ingest([item]))).toEqual(['created']);
  const dispatches = item.plan?.dispatches ?? [];
  const handlers = [...new Set(dispatches.map((dispatch) => dispatch.handler))];
  return storage.claim(samples.claim({ handlers, limit: 1_000, keys: dispatches.map((dispatch) => dispatch.key) }));
}

/** Binds the tests of a suite to a factory. */
export function scenarios<Transaction>(factory: StorageFactory<Transaction>, note: (reason: string) => void): Scenario {
  return (title, body) => {
    it(title, async (context) => {
      const subject = await factory.create();
      const storage: Storage = subject.storage;
      const samples = createSamples();
      const skip = (reason: string): never => {
        note(reason);
        return context.skip(reason);
      };
      try {
        await body({
          storage,
          samples,
          advance: (ms) => subject.advance(ms),
          second: async () => {
            if (subject.second !== undefined) return subject.second();
            expect(storage.capabilities.shared).toBe(false);
            return skip('it serves one process only (capability shared), so there is no second one');
          },
          maintain: async () => {
            if (storage.capabilities.retention) return expect(storage.maintain?.()).resolves.toBeUndefined();
            return skip('it takes nothing away by its age (capability retention)');
          },
          take: (item) => take(storage, samples, item),
          takeOne: async (item) => only(await take(storage, samples, item)),
        });
      } finally {
        await subject.close();
      }
    });
  };
}
