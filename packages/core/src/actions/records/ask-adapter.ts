import type { BuiltInCall } from '../../connector/built-in-action.ts';
import type { Outcome } from '../../contracts/executor.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { whereThrown } from '../../errors/where-thrown.ts';
import type { HostRecord, RecordRefusal, RecordWrite } from '../../records/record-adapter.ts';
import type { RecordActionOptions } from './record-action-options.ts';

/** What every writing call of the adapter is given. */
export function writeOf({ tenant, key, signal, dispatch }: BuiltInCall, type: string): RecordWrite {
  // A direct call has no event that could have caused it.
  const causation = dispatch.key.target.startsWith('automation:') ? dispatch.key.root : null;
  return { tenant, type, key: key.value, signal, causation };
}

/**
 * Calls the adapter. A `PatchbayError` is its word that nothing has changed; after anything else that it throws nobody knows, and what it said is
 * withheld, because it could hold a secret.
 */
export async function askAdapter<Answer>(
  { logger }: RecordActionOptions,
  what: string,
  call: () => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    return await call();
  } catch (thrown) {
    if (isPatchbayError(thrown)) throw thrown;
    logger.warn('the record adapter threw', { action: what, ...whereThrown(thrown) });
    throw openError(
      `The record adapter threw at ${what}. Its log says where; have it throw a PatchbayError where it knows that nothing has changed.`,
    );
  }
}

/** An error after which the write may have happened. */
export function openError(message: string, code: 'internal' | 'invalid_output' = 'internal'): PatchbayError {
  return new PatchbayError({ code, message, retryable: true, sent: 'maybe' });
}

/** The outcome of a write that has changed nothing. */
export function outcomeOfRefusal(answer: RecordRefusal, what: string): Outcome {
  if (answer.status === 'missing') return failed('not_found', `There is no ${what} of this tenant. Correct its id.`);
  const said = typeof answer.reason === 'string' ? ` It says: ${answer.reason}` : '';
  if (answer.status === 'conflict')
    return failed('conflict', `The host has another version of ${what}, or another record in its way.${said}`);
  if (answer.status === 'refused') return failed('invalid_input', `The host refuses this for ${what}.${said}`);
  throw openError(`The record adapter answers with no status that there is, for ${what}. Correct it.`, 'invalid_output');
}

/** A record as the adapter gave it. Throws `invalid_output` for one that is none. */
export function soundRecord(record: HostRecord, what: string): HostRecord {
  const { id, version, data } = record ?? {};
  const isSound = typeof id === 'string' && id.length > 0 && id.length <= 200 && (version === null || typeof version === 'string');
  if (isSound && typeof data === 'object' && data !== null) return record;
  throw openError(`The record adapter answers for ${what} with what is no record: { id, version, data }. Correct it.`, 'invalid_output');
}

function failed(code: string, message: string): Outcome {
  return { outcome: 'failed', error: { code, message: message.slice(0, 500) }, retryable: false };
}
