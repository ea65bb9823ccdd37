import type { Row } from '../../../contracts/configuration-store.ts';
import type { ReceiverRecord } from '../../../contracts/webhook-records.ts';
import { type CompiledReceiver, compileReceiver, type ReceiverParts } from './compile-receiver.ts';
import { parseReceiver } from './parse-receiver.ts';

/** Compiles receivers, each once as long as its row is the same. */
export interface ReceiverCompiler {
  /** Throws `invalid_argument` and `expression_invalid` for a row that this version cannot read. */
  of(row: Row<'receiver'>): CompiledReceiver;
}

/** Makes one for receivers whose bodies may have so many keys. A row of the cache stays the same object until it is written. */
export function createReceiverCompiler({ maximumKeys }: Pick<ReceiverParts, 'maximumKeys'>): ReceiverCompiler {
  const known = new WeakMap<ReceiverRecord, CompiledReceiver>();
  return {
    of({ name, value }) {
      const compiled = known.get(value) ?? compileReceiver({ name, definition: parseReceiver(value.definition), maximumKeys });
      known.set(value, compiled);
      return compiled;
    },
  };
}
