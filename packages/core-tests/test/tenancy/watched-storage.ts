import { PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';

/** A storage that records which of its writing methods were called, and that is as strict with text as a database is. */
export interface WatchedStorage {
  readonly storage: Storage<never>;
  /** Names of writing methods, in the order of their calls. */
  readonly writes: string[];
}

const writing: ReadonlySet<string> = new Set([
  ...['ingest', 'recordRouting', 'addToEvents', 'settle', 'defer', 'begin', 'reopen', 'resolve', 'cancel', 'cancelRun'],
  ...['configuration.write', 'audit.append', 'gates.close', 'gates.open', 'counters.add', 'states.write'],
  ...['receipts.keep', 'receipts.remove', 'journal.append', 'journal.prune'],
]);

/** Watches every method of a storage. */
export function watchStorage(storage: Storage<never>): WatchedStorage {
  const writes: string[] = [];
  return { storage: watch(storage, '', writes), writes };
}

function watch<Target extends object>(target: Target, prefix: string, writes: string[]): Target {
  return new Proxy(target, {
    get(of, name, receiver) {
      const member: unknown = Reflect.get(of, name, receiver);
      const path = `${prefix}${String(name)}`;
      if (typeof member === 'object' && member !== null) return watch(member, `${path}.`, writes);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        refuseUnstorable(given);
        if (writing.has(path)) writes.push(path);
        return Reflect.apply(member, of, given);
      };
    },
  });
}

/** What PostgreSQL refuses as text: NUL, and halves of surrogate pairs. Every text in the arguments is looked at. */
function refuseUnstorable(given: unknown): void {
  if (typeof given === 'string' && (given.includes('\u0000') || !given.isWellFormed()))
    throw new PatchbayError({ code: 'storage_unavailable', message: 'The database refuses a text. Do not hand it one.' });
  if (typeof given !== 'object' || given === null || given instanceof Uint8Array) return;
  for (const inner of Object.values(given)) refuseUnstorable(inner);
}
