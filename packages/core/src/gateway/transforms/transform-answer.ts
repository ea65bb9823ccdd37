import type { HttpAnswer } from '../../connector/connector-http.ts';
import type { ResponseTransform } from '../../connector/transform.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Json } from '../../json/json.ts';
import { answerHeaders } from '../answer-headers.ts';
import { malformed } from '../protocols/answer-protocol.ts';
import { parseJsonAnswer } from '../protocols/parse-json-answer.ts';
import type { RawRequest } from '../raw-request.ts';

/**
 * A good answer with the body that transforms make of it, one after another. An answer that is an error, empty or not JSON stays as it came. Throws
 * `response_invalid` where one throws or gives what is no JSON: the service has done what it was asked for then.
 */
export function transformAnswer(request: RawRequest, answer: HttpAnswer, transforms: readonly ResponseTransform[]): HttpAnswer {
  if (transforms.length === 0 || answer.status < 200 || answer.status >= 300) return answer;
  const body = parseJsonAnswer(answer);
  if (body === undefined || body === malformed) return answer;
  const made = transforms.reduce<Json>((json, transform) => changed({ request, answer, transform }, json), body);
  return made === body ? answer : { ...answer, body: Buffer.from(textOf(request, made)) };
}

interface Change {
  readonly request: RawRequest;
  readonly answer: HttpAnswer;
  readonly transform: ResponseTransform;
}

function changed({ request, answer: { status, headers }, transform }: Change, json: Json): Json {
  const { method, path } = request;
  let given: unknown;
  try {
    given = transform({ method, template: path.template, status, headers: answerHeaders(headers), json: structuredClone(json) });
  } catch (error) {
    throw faulty(request, 'throws', error);
  }
  if (given instanceof Promise) given.catch(() => undefined);
  if (typeof given === 'object' && given !== null && 'then' in given) throw faulty(request, 'gives no body at once');
  // Whatever it is, it is written as JSON and read again below.
  return given === undefined ? json : (given as Json);
}

function textOf(request: RawRequest, made: Json): string {
  let text: unknown;
  try {
    text = JSON.stringify(made);
  } catch (error) {
    throw faulty(request, 'gives what cannot be written as JSON', error);
  }
  if (typeof text !== 'string') throw faulty(request, 'gives what is no JSON');
  return text;
}

/** Without `sent`: the status says that the request was done, only what it gave cannot be had. */
function faulty({ method, path }: RawRequest, what: string, cause?: unknown): PatchbayError {
  return new PatchbayError({
    code: 'response_invalid',
    message: `The transform of the answer to ${method} ${path.template} ${what}. The service has answered well; correct the transform.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
