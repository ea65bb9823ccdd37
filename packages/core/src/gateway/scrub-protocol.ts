import type { Json } from '../json/json.ts';
import { type AnswerProtocol, malformed } from './protocols/answer-protocol.ts';
import type { RawRequest } from './raw-request.ts';
import { scrubbedText } from './scrub-answer.ts';

/**
 * The request with its answer read without the secrets, where its protocol can spell a text in more ways than bytes can be searched for. `secrets` are
 * lists of forms. The same request where there is nothing to be done.
 */
export function withScrubbedProtocol(request: RawRequest, secrets: readonly (readonly string[])[]): RawRequest {
  const { protocol } = request;
  const sought = secrets.filter(({ length }) => length > 0);
  if (protocol?.spellsFreely !== true || sought.length === 0) return request;
  const parse: AnswerProtocol['parse'] = (answer) => {
    const body = protocol.parse(answer);
    return body === undefined || body === malformed ? body : sought.reduce(scrubbed, body);
  };
  return { ...request, protocol: { ...protocol, parse } };
}

/** As deep as the protocol's parser lets a body be. */
function scrubbed(value: Json, forms: readonly string[]): Json {
  if (typeof value === 'string') return scrubbedText(value, forms);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: Json) => scrubbed(each, forms));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [scrubbedText(name, forms), scrubbed(each, forms)]));
}
