import type { Storage } from '@patchbay/core/adapter';

/** A transaction of the host's, for storages that can join one. */
export interface HostTransaction<Transaction> {
  readonly transaction: Transaction;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** One empty store and what a test does with it. */
export interface StorageSubject<Transaction = never> {
  readonly storage: Storage<Transaction>;
  /** Moves the store's clock on by so many milliseconds. A store that cannot be moved waits. */
  advance(ms: number): Promise<void>;
  /** Ends the storage, every {@link StorageSubject.second} of it, and what `create` made for it. */
  close(): Promise<void>;
  /** Another instance on the same store, as a second process has it. Absent where `capabilities.shared` is false. */
  second?(): Promise<Storage<Transaction>>;
  /** Begins a transaction of the host's. Absent where `capabilities.hostTransaction` is false. */
  begin?(): Promise<HostTransaction<Transaction>>;
}

/** Makes the stores that a conformance suite runs on. */
export interface StorageFactory<Transaction = never> {
  /** A store with nothing in it; called once per test. */
  create(): Promise<StorageSubject<Transaction>>;
}
