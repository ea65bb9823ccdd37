import type { WebhookDeclaration, WebhookDelivery } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import type { SignedRequest } from './verify-signature.ts';

/** Levels of nesting that a body may have. */
const maximumDepth = 64;

const idShape = /^[\x21-\x7e]{1,200}$/;

/** A verified request as the connector sees it. Throws `body_invalid` for what is not UTF-8 JSON within the bounds. */
export function readDelivery(request: SignedRequest, declaration: WebhookDeclaration): WebhookDelivery {
  const { [declaration.scheme.header]: _signature, authorization: _authorization, ...headers } = request.headers;
  return { headers, body: parseBody(request.body) };
}

/** The id that stays the same over the provider's retries. Throws `body_invalid` where it is missing. */
export function deliveryIdOf(delivery: WebhookDelivery, place: WebhookDeclaration['deliveryId']): string {
  const named = typeof place === 'string' ? { header: place } : place;
  const value = 'header' in named ? delivery.headers[named.header.toLowerCase()] : fieldOf(delivery.body, named.bodyField);
  if (typeof value === 'string' && idShape.test(value)) return value;
  throw new PatchbayError({
    code: 'body_invalid',
    message: 'The delivery carries no usable delivery id, so it could not be told from its repeats.',
  });
}

function fieldOf(body: Json, field: string): Json | undefined {
  return isJsonObject(body) && Object.hasOwn(body, field) ? body[field] : undefined;
}

// A decoder without `stream` keeps no state between calls, so one serves all.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseBody(bytes: Uint8Array): Json {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new PatchbayError({ code: 'body_invalid', message: 'The body is not UTF-8.' });
  }
  if (nestsTooDeep(text)) throw new PatchbayError({ code: 'body_invalid', message: `The body nests deeper than ${maximumDepth} levels.` });
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new PatchbayError({ code: 'body_invalid', message: 'The body is not JSON.' });
  }
}

/** Counts brackets outside strings, so that a bomb is refused before it is parsed. Only a text that could nest so deep is looked at. */
function nestsTooDeep(text: string): boolean {
  let openings = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1 && openings <= maximumDepth; at = text.indexOf(bracket, at + 1)) openings += 1;
  }
  return openings > maximumDepth && depthOf(text) > maximumDepth;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 92) at += 1;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > maximumDepth) return deepest;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return deepest;
}
