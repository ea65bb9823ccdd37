import type { RequestChange, RequestTransform, TransformableRequest } from '../../connector/transform.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import type { RawRequest } from '../raw-request.ts';

const jsonType = /^application\/([a-z0-9.+-]+\+)?json\b/i;

/**
 * The request as transforms leave it, one after another. They see neither origin nor credential and cannot change the path; what they give is checked with
 * the rest of the request. Throws `invalid_input`, with nothing sent, where one throws, answers by promise or gives what is no change.
 */
export function transformRequest(request: RawRequest, transforms: readonly RequestTransform[]): RawRequest {
  return transforms.reduce(changed, request);
}

function changed(request: RawRequest, transform: RequestTransform): RawRequest {
  const seen = seenBy(request);
  const change = changeOf(transform, structuredClone(seen), request);
  if (change === undefined) return request;
  const { headers, json, query } = change;
  if (json !== undefined && seen.json === undefined) throw faulty(request, 'gives a body to a request that has none of JSON');
  const { body } = request;
  return {
    ...request,
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
    ...(json === undefined || body === undefined ? {} : { body: { ...body, text: JSON.stringify(json) } }),
  };
}

function seenBy({ method, path, query = {}, headers = {}, body }: RawRequest): TransformableRequest {
  const isJson = body?.upload === undefined && body?.bytes === undefined && jsonType.test(body?.contentType ?? '');
  const json = body !== undefined && isJson ? (JSON.parse(body.text) as Json) : undefined;
  return { method, template: path.template, query, headers, json };
}

function changeOf(transform: RequestTransform, seen: TransformableRequest, request: RawRequest): RequestChange | undefined {
  let given: unknown;
  try {
    given = transform(seen);
  } catch (error) {
    throw faulty(request, 'throws', error);
  }
  if (given === undefined || given === null) return undefined;
  if (given instanceof Promise) given.catch(() => undefined);
  if (!isJsonObject(given) || 'then' in given) throw faulty(request, 'gives no change at once');
  const { headers, json, query } = given;
  if ([headers, query].some((part) => part !== undefined && !isJsonObject(part)))
    throw faulty(request, 'gives a query or headers that are no object');
  // Checked above; values of headers and query are looked at where the request is finished.
  return { headers, json, query } as RequestChange;
}

/** What a transform throws may hold what it was given, so it stays a cause. */
function faulty({ method, path }: RawRequest, what: string, cause?: unknown): PatchbayError {
  return new PatchbayError({
    code: 'invalid_input',
    message: `The transform of ${method} ${path.template} ${what}, so nothing was sent. Correct it.`,
    sent: 'no',
    ...(cause === undefined ? {} : { cause }),
  });
}
