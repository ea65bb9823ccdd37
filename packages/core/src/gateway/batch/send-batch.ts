import type { BatchDeclaration, BatchedRead, BatchRead } from '../../connector/batch-declaration.ts';
import { isRequestPath } from '../../connector/path.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { encodeQuery } from '../encode-query.ts';
import { anyJson } from './any-json.ts';
import type { AnyAnswer, BatchParts } from './batch-parts.ts';
import { readBatched } from './read-batched.ts';

/** Reads under way at once where the service takes them one by one. */
const atOnce = 4;

/**
 * Sends several reads, in as few requests as the connector's service allows. An answer or an error for each, in their order; what befalls one request
 * befalls its own reads alone. Rejects only for a fault of the caller's.
 */
export async function sendBatch(parts: BatchParts, reads: readonly BatchRead[]): Promise<readonly AnyAnswer[]> {
  if (!reads.every(({ path }) => isRequestPath(path)))
    throw new PatchbayError({ code: 'invalid_argument', message: 'The path of each read is made with the path tag.', sent: 'no' });
  const { batch } = parts.definition;
  const answers: AnyAnswer[] = [];
  const size = batch?.maximum ?? atOnce;
  for (let at = 0; at < reads.length; at += size) {
    const some = reads.slice(at, at + size);
    const given =
      batch === undefined ? await Promise.all(some.map((read) => sendAlone(parts, read))) : await sendTogether(parts, batch, some);
    answers.push(...given);
  }
  return answers;
}

async function sendAlone({ call }: BatchParts, { path, query, response }: BatchRead): Promise<AnyAnswer> {
  try {
    return { value: (await call({ method: 'GET', path, ...(query ? { query } : {}) }, response)).parsed, error: null };
  } catch (error) {
    return failed(error);
  }
}

async function sendTogether(parts: BatchParts, batch: BatchDeclaration, reads: readonly BatchRead[]): Promise<readonly AnyAnswer[]> {
  const batched = reads.map(({ path, query }): BatchedRead => {
    const encoded = encodeQuery(query);
    return { target: `${path.value}${encoded === '' ? '' : `?${encoded}`}` };
  });
  try {
    const { path, query, json } = batch.combine(batched);
    const body = { contentType: 'application/json; charset=utf-8', text: JSON.stringify(json) };
    const { parsed } = await parts.call({ method: 'POST', effect: 'read', path, body, ...(query ? { query } : {}) }, anyJson);
    const given = batch.split(parsed, batched);
    return await Promise.all(reads.map((read, index) => readBatched(parts, read, given[index]).catch(failed)));
  } catch (error) {
    const fault = failed(error);
    return reads.map(() => fault);
  }
}

/** A connector's `combine` and `split` may throw anything. */
function failed(error: unknown): AnyAnswer {
  if (isPatchbayError(error)) return { value: null, error };
  const message = 'The connector could not put several reads together, or take their answers apart. Report it to its author.';
  return { value: null, error: new PatchbayError({ code: 'response_invalid', message, cause: error }) };
}
