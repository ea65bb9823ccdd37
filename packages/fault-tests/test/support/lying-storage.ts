import { PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';

/** One call of a run: which method, and for which time. */
export interface StorageCall {
  readonly method: string;
  /** Counts from 1. */
  readonly time: number;
}

/** A storage that carries out every call and says of one that it failed. */
export interface LyingStorage {
  readonly storage: Storage<unknown>;
  /** Every call so far, in order. */
  readonly calls: readonly StorageCall[];
  /** Whether the lie has been told. */
  readonly hasLied: () => boolean;
}

type Cross = (method: string, call: () => unknown) => Promise<unknown>;

/** Methods that answer at once and store nothing; and the end of the storage, which is the test's own. */
const honest: ReadonlySet<string> = new Set(['queue.onWake', 'close', 'queue.close']);

/** `path`: how the target is reached, with a dot at its end. */
function wrap<Target extends object>(target: Target, { path, cross }: { path: string; cross: Cross }): Target {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      const method = `${path}${String(name)}`;
      if (typeof value === 'function') {
        if (honest.has(method)) return value.bind(object);
        return (...parameters: readonly unknown[]) => cross(method, () => Reflect.apply(value, object, parameters));
      }
      return typeof value === 'object' && value !== null ? wrap(value, { path: `${method}.`, cross }) : value;
    },
  });
}

const lie = (): PatchbayError =>
  new PatchbayError({ code: 'storage_unavailable', message: 'The answer was lost on its way. The call may be repeated.', retryable: true });

/** Wraps a storage so that the given call is carried out and reported as failed. `null`: no call is. */
export function lyingStorage(storage: Storage<unknown>, lieAt: StorageCall | null): LyingStorage {
  const calls: StorageCall[] = [];
  const times = new Map<string, number>();
  let hasLied = false;
  const cross: Cross = async (method, call) => {
    const time = (times.get(method) ?? 0) + 1;
    times.set(method, time);
    calls.push({ method, time });
    const answer = await call();
    if (lieAt?.method !== method || lieAt.time !== time) return answer;
    hasLied = true;
    throw lie();
  };
  return { storage: wrap(storage, { path: '', cross }), calls, hasLied: () => hasLied };
}
