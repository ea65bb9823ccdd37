import { signatureHeader } from '../../connector/signature/signature-header.ts';
import type { WebhookDeclaration, WebhookDelivery } from '../../connector/webhook-declaration.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json } from '../../json/json.ts';
import { bodyKindOf } from './door/body-kind.ts';
import { readForm } from './door/read-form.ts';
import { type ParsedBody, parseBody, usualKeys } from './parse-body.ts';
import { schemesOf } from './schemes-of.ts';
import type { SignedRequest } from './signatures/signed-request.ts';
import { withoutSecretFields } from './without-secret-fields.ts';
import { withoutToken } from './without-token.ts';

const idShape = /^[\x21-\x7e]{1,200}$/;

/** Headers that could hold a credential of the sender's or the host's: no connector needs them. */
const withheld: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** What a verified request says. */
export interface ReadDelivery {
  /** As the connector sees it. */
  readonly delivery: WebhookDelivery;
  /** The bytes of the body as it may be stored: those that came, unless a secret was in them. */
  readonly body: Uint8Array;
  /** These bytes say the value that the connector sees. */
  readonly exact: boolean;
}

/** How a connector's bodies are read. */
export type BodyDeclaration = Pick<
  WebhookDeclaration,
  'scheme' | 'appScheme' | 'contentTypes' | 'formJsonField' | 'maximumKeys' | 'secretFields'
>;

/**
 * Reads a verified request, of which a body may have so many keys unless the connector says more. Throws `body_invalid` for what is not UTF-8 JSON, or a
 * form, within the bounds.
 */
export function readDelivery(
  request: Pick<SignedRequest, 'headers' | 'body'>,
  declaration: BodyDeclaration,
  hostKeys: number = usualKeys,
): ReadDelivery {
  const headers: Record<string, string> = {};
  const signed = schemesOf(declaration).map(signatureHeader);
  for (const [name, value] of Object.entries(request.headers)) {
    if (!signed.includes(name) && !withheld.has(name)) headers[name] = value;
  }
  const { value, exact } = readBody(request, declaration, Math.max(hostKeys, declaration.maximumKeys ?? 0));
  const secret = schemesOf(declaration).find(({ kind }) => kind === 'body-token');
  if (secret?.kind !== 'body-token') {
    const cleared = withoutSecretFields(request, declaration, value);
    return cleared
      ? { delivery: { headers, body: cleared.value }, body: cleared.body, exact: cleared.exact }
      : { delivery: { headers, body: value }, body: request.body, exact };
  }
  const body = withoutToken(value, secret);
  return { delivery: { headers, body }, body: new TextEncoder().encode(JSON.stringify(body)), exact: true };
}

function readBody(
  { headers, body }: Pick<SignedRequest, 'headers' | 'body'>,
  { contentTypes, formJsonField }: BodyDeclaration,
  maximumKeys: number,
): ParsedBody {
  const isForm = bodyKindOf(headers['content-type'], contentTypes) === 'form';
  return isForm ? readForm(body, { jsonField: formJsonField, maximumKeys }) : parseBody(body, maximumKeys);
}

/** The id that stays the same over the provider's retries. Throws `body_invalid` where it is missing. */
export function deliveryIdOf(delivery: WebhookDelivery, place: WebhookDeclaration['deliveryId']): string {
  const named = typeof place === 'string' ? { header: place } : place;
  const value = 'header' in named ? headerOf(delivery, named.header.toLowerCase()) : firstOf(delivery.body, named.bodyField);
  if (typeof value === 'string' && idShape.test(value)) return value;
  throw new PatchbayError({
    code: 'body_invalid',
    message: 'The delivery carries no usable delivery id, so it could not be told from its repeats.',
  });
}

function firstOf(body: Json, fields: string | readonly string[]): Json | undefined {
  if (typeof fields === 'string') return fieldOf(body, fields);
  return fields.map((field) => fieldOf(body, field)).find((value) => value !== undefined);
}

function headerOf({ headers }: WebhookDelivery, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

function fieldOf(body: Json, field: string): Json | undefined {
  return isJsonObject(body) && Object.hasOwn(body, field) ? body[field] : undefined;
}
