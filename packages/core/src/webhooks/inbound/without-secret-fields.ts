import type { WebhookDeclaration } from '../../connector/webhook-declaration.ts';
import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json, JsonObject } from '../../json/json.ts';
import { bodyKindOf } from './door/body-kind.ts';
import type { SignedRequest } from './signatures/signed-request.ts';

/** A body from which secrets have been taken. */
export interface ClearedBody {
  readonly value: JsonObject;
  /** Of the content type that came, so that it is read alike when it is taken in again. */
  readonly body: Uint8Array;
  /** The bytes say the value. */
  readonly exact: boolean;
}

/** The body without the fields that its connector calls secret; `undefined` where it has none of them, and stays as it came. */
export function withoutSecretFields(
  { headers }: Pick<SignedRequest, 'headers'>,
  { contentTypes, formJsonField, secretFields }: Pick<WebhookDeclaration, 'contentTypes' | 'formJsonField' | 'secretFields'>,
  value: Json,
): ClearedBody | undefined {
  if (secretFields === undefined || !isJsonObject(value) || !secretFields.some((field) => Object.hasOwn(value, field))) return undefined;
  const left = Object.fromEntries(Object.entries(value).filter(([name]) => !secretFields.includes(name)));
  if (bodyKindOf(headers['content-type'], contentTypes) === 'json') return { value: left, body: encode(JSON.stringify(left)), exact: true };
  // A form with a field of JSON is written as one again: which of the two it was, the values tell.
  const isPlain = Object.values(value).every((each) => typeof each === 'string');
  const fields = formJsonField !== undefined && !isPlain ? { [formJsonField]: JSON.stringify(left) } : textsOf(left);
  return { value: left, body: encode(new URLSearchParams(fields).toString()), exact: false };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const textsOf = (value: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
