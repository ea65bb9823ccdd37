import type { BatchedAnswer, BatchRead } from '../../connector/batch-declaration.ts';
import { parseWith } from '../../connector/parse-with.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { checkAnswer } from '../check-answer.ts';
import type { AnyAnswer, BatchParts } from './batch-parts.ts';

/** Reads one answer of several as it would be read alone: by the connector's word, its status, its schema. Rejects with the error that it is. */
export async function readBatched(
  { definition, now }: Pick<BatchParts, 'definition' | 'now'>,
  { path, response }: BatchRead,
  given: BatchedAnswer | undefined,
): Promise<AnyAnswer> {
  const status = given?.status;
  if (given === undefined || typeof status !== 'number' || !Number.isInteger(status)) throw unanswered(definition.name, path.template);
  const bytes = given.body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(given.body));
  const headers = Object.fromEntries(Object.entries(given.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const body = checkAnswer({ clock: { now } }, definition, { method: 'GET' }, { status, headers, body: bytes });
  const value = await parseWith(response, body ?? null, {
    code: 'response_invalid',
    what: `The answer of ${definition.id} to GET ${path.template}`,
    advice: 'The service answers otherwise than the connector expects. Report it to its author.',
  });
  return { value, error: null };
}

function unanswered(name: string, template: string): PatchbayError {
  return new PatchbayError({
    code: 'response_invalid',
    message: `${name} did not answer the read of ${template} among others. Read it alone.`,
  });
}
