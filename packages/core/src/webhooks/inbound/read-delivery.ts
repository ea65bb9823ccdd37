import type { WebhookDeclaration, WebhookDelivery } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { nestsDeeperThan } from '../../json/nests-deeper-than.ts';
import type { SignedRequest } from './verify-signature.ts';

/** Levels of nesting that a body may have. */
const maximumDepth = 64;

const idShape = /^[\x21-\x7e]{1,200}$/;

/** A verified request as the connector sees it. Throws `body_invalid` for what is not UTF-8 JSON within the bounds. */
export function readDelivery(request: SignedRequest, declaration: WebhookDeclaration): WebhookDelivery {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== declaration.scheme.header && name !== 'authorization') headers[name] = value;
  }
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
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    throw new PatchbayError({ code: 'body_invalid', message: 'The body is not JSON.' });
  }
  if (nestsDeeperThan(body, maximumDepth)) {
    throw new PatchbayError({ code: 'body_invalid', message: `The body nests deeper than ${maximumDepth} levels.` });
  }
  return body;
}
