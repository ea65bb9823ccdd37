import { sleep } from '../clock/sleep.ts';
import { parseWith } from '../connector/parse-with.ts';
import type { Schema } from '../connector/schema.ts';
import { formatDispatchId } from '../contracts/dispatch-id.ts';
import type { DispatchRecord, NewDispatch } from '../contracts/dispatch-records.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { jsonText } from '../json/json-text.ts';
import type { DispatchView } from './dispatch-view.ts';
import type { TenantScope } from './tenant-services.ts';
import { viewDispatch } from './view-dispatches.ts';

/** A call that is in the ledger. */
export interface QueuedAction {
  readonly dispatchId: string;
  /** The dispatch when it has ended, or as it stands after `waitMs` milliseconds. @default 30,000 */
  outcome(options?: { readonly waitMs?: number }): Promise<DispatchView>;
}

/** Milliseconds between two looks at a call that is waited for. */
const lookEvery = 50;

/** What the caller of a stored call is given. */
export function queuedAction(scope: TenantScope, key: NewDispatch['key']): QueuedAction {
  const { storage, clock } = scope;
  const look = async (): Promise<DispatchRecord> => {
    const record = await storage.history.dispatch(key);
    if (!record) throw new PatchbayError({ code: 'not_found', message: 'The call is no longer kept.' });
    return record;
  };
  return {
    dispatchId: formatDispatchId(key),
    async outcome({ waitMs = 30_000 } = {}) {
      if (!Number.isFinite(waitMs)) throw new PatchbayError({ code: 'invalid_argument', message: 'waitMs is a number of milliseconds.' });
      const end = clock.monotonic() + waitMs;
      for (;;) {
        const record = await look();
        const left = end - clock.monotonic();
        if (left <= 0 || (record.status !== 'pending' && record.status !== 'leased')) return viewDispatch(scope, record);
        await sleep(clock, Math.min(lookEvery, left));
      }
    },
  };
}

/** The input of a call as JSON text, checked by its action's schema. Throws `invalid_input`. */
export async function checkedInput(schema: Schema, name: string, input: unknown): Promise<string> {
  const subject = { code: 'invalid_input', what: `The input of ${name}`, advice: 'Nothing was queued. Correct the input.' } as const;
  const text = jsonText(input ?? {});
  if (text === undefined) throw new PatchbayError({ code: subject.code, message: `${subject.what} is not JSON. ${subject.advice}` });
  await parseWith(schema, JSON.parse(text), subject);
  return text;
}

/** Says that an idempotency key stands for another call. */
export function keyUsedBefore(): PatchbayError {
  return new PatchbayError({
    code: 'conflict',
    message: 'The idempotency key was used before for another call. Use a new key for a new call.',
  });
}
