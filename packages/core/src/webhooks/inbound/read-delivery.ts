import type { WebhookDeclaration, WebhookDelivery } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { parseBody } from './parse-body.ts';
import type { SignedRequest } from './verify-signature.ts';

const idShape = /^[\x21-\x7e]{1,200}$/;

/** Headers that could hold a credential of the sender's or the host's: no connector needs them. */
const withheld: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** What a verified request says. */
export interface ReadDelivery {
  /** As the connector sees it. */
  readonly delivery: WebhookDelivery;
  /** The body's bytes say the value that the connector sees. */
  readonly exact: boolean;
}

/** Reads a verified request. Throws `body_invalid` for what is not UTF-8 JSON within the bounds. */
export function readDelivery(request: SignedRequest, declaration: Pick<WebhookDeclaration, 'scheme'>): ReadDelivery {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== declaration.scheme.header && !withheld.has(name)) headers[name] = value;
  }
  const { value, exact } = parseBody(request.body);
  return { delivery: { headers, body: value }, exact };
}

/** The id that stays the same over the provider's retries. Throws `body_invalid` where it is missing. */
export function deliveryIdOf(delivery: WebhookDelivery, place: WebhookDeclaration['deliveryId']): string {
  const named = typeof place === 'string' ? { header: place } : place;
  const value = 'header' in named ? headerOf(delivery, named.header.toLowerCase()) : fieldOf(delivery.body, named.bodyField);
  if (typeof value === 'string' && idShape.test(value)) return value;
  throw new PatchbayError({
    code: 'body_invalid',
    message: 'The delivery carries no usable delivery id, so it could not be told from its repeats.',
  });
}

function headerOf({ headers }: WebhookDelivery, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

function fieldOf(body: Json, field: string): Json | undefined {
  return isJsonObject(body) && Object.hasOwn(body, field) ? body[field] : undefined;
}
