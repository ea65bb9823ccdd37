import type { Storage } from '@patchbay/core/adapter';
import { withEachCall } from './each-call.ts';
import type { FailingMoment } from './failing-storage.ts';

/** A storage as a process reaches it that dies at one of its calls: that call and all behind it are never answered. */
export interface DyingStorage {
  readonly storage: Storage<never>;
  /** Resolves at its death. */
  readonly died: Promise<void>;
  /** Calls so far. */
  calls(): number;
}

/** Wraps a storage. The process dies at the call with this number, counted from 1, before the storage has seen it or behind it; 0: it lives on. */
export function dyingStorage(storage: Storage<never>, number: number, moment: FailingMoment): DyingStorage {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let counted = 0;
  const carryOut = async (run: () => unknown): Promise<unknown> => {
    counted += 1;
    if (number === 0 || counted < number) return run();
    if (counted === number && moment === 'behind') await run();
    resolve();
    return new Promise(() => undefined);
  };
  return { storage: withEachCall(storage, carryOut), died, calls: () => counted };
}
