import type { KeyObject } from 'node:crypto';
import type { BodyTokenScheme, HeaderTokenScheme } from '../../../connector/signature/shared-token-scheme.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';
import type { Json } from '../../../json/json.ts';
import { sameSecret } from '../../../secret/same-secret.ts';
import { parseBody } from '../parse-body.ts';
import type { PresentedSignature } from './presented-signature.ts';
import { headerOf, type RequestHead } from './signed-request.ts';

/** Longest token that is compared, characters: that of a secret. */
const longestToken = 1_024;

/** The token in a header; `undefined` where there is none. */
export function presentHeaderToken({ header, prefix }: HeaderTokenScheme, head: RequestHead): PresentedSignature | undefined {
  const value = headerOf(head, header);
  if (value === undefined || !value.startsWith(prefix)) return undefined;
  const token = value.slice(prefix.length);
  if (token === '' || token.length > longestToken) return undefined;
  // Node reads a header's bytes as Latin-1; a secret is UTF-8.
  const bytes = Buffer.from(token, 'latin1');
  return { madeBy: 'secret', isBy: (_body, keys) => keys.some((key) => isToken(bytes, key)) };
}

/** The token in each item of a list in the body, which is read before it is known to be anybody's: there is nothing else to go by. */
export function presentBodyToken({ list, field }: BodyTokenScheme): PresentedSignature {
  return {
    madeBy: 'secret',
    isBy(body, keys) {
      const tokens = tokensIn(jsonOf(body), list, field);
      return tokens?.every((token) => keys.some((key) => isToken(Buffer.from(token, 'utf8'), key))) ?? false;
    },
  };
}

function jsonOf(body: Uint8Array): Json {
  try {
    return parseBody(body).value;
  } catch {
    return null;
  }
}

/** The tokens of all items; `undefined` where there is no item, or one without a token. */
function tokensIn(value: Json, list: string, field: string): readonly string[] | undefined {
  const items = isJsonObject(value) && Object.hasOwn(value, list) ? value[list] : undefined;
  if (!Array.isArray(items) || items.length === 0) return undefined;
  const tokens: string[] = [];
  for (const item of items) {
    const token: unknown = isJsonObject(item) && Object.hasOwn(item, field) ? item[field] : undefined;
    if (typeof token !== 'string' || token === '' || token.length > longestToken) return undefined;
    tokens.push(token);
  }
  return tokens;
}

/** An empty secret, which anybody knows, is no token. */
function isToken(token: Uint8Array, key: KeyObject): boolean {
  if (!((key.symmetricKeySize ?? 0) > 0)) return false;
  return sameSecret(token, key.export());
}
