import type { OAuth2Answer } from '../connector/oauth2-auth.ts';
import { decodeUtf8 } from '../json/decode-utf8.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { nestsDeeperThan } from '../json/nests-deeper-than.ts';

/** Levels of nesting that an answer may have. */
const maximumDepth = 20;

/** Longest life of an access token that is believed, milliseconds: a year. */
export const longestLifeMs = 31_536_000_000;

/** What can stand in a header: a token that cannot was not meant for one. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{1,16384}$/.test(text);

/** A token endpoint's answer in the one form that the rest of this room reads. */
export type TokenAnswer =
  | {
      /** As RFC 6749 writes it, without `expires_in`. */
      readonly body: JsonObject;
      readonly expiresInMs: number | null;
      /** The answer from its top, for what stands beside the tokens. */
      readonly whole: JsonObject;
    }
  | { readonly error: string };

/** Reads an answer as the connector says that its service writes them; `undefined` for what is no answer at all. */
export function readTokenAnswer(bytes: Uint8Array, quirks: OAuth2Answer): TokenAnswer | undefined {
  const text = textOf(bytes);
  const whole = text === undefined ? undefined : (parseJson(text) ?? (quirks.format === 'form' ? parseForm(text) : undefined));
  if (whole === undefined) return undefined;
  const error = errorIn(whole, quirks);
  if (error !== undefined) return { error };
  const found = (quirks.tokensAt ?? []).reduce<Json | undefined>((value, name) => fieldOf(value, name), whole);
  if (!isJsonObject(found)) return undefined;
  const { expires_in: life, token_type: type, refresh_token: refresh, scope, ...rest } = found;
  const body = {
    ...rest,
    ...(typeof refresh === 'string' && refresh !== '' ? { refresh_token: refresh } : {}),
    ...(scope === undefined || scope === null ? {} : { scope: Array.isArray(scope) ? scope.join(' ') : scope }),
    ...tokenType(type ?? '', quirks),
  };
  return { body, expiresInMs: lifeOf(life), whole };
}

/** The code of RFC 6749 that an answer in JSON is an error by, whatever its status; with no `quirks`, the service's own. `undefined` where it names none. */
export function errorOfAnswer(bytes: Uint8Array, quirks: OAuth2Answer = {}): string | undefined {
  const whole = parseJson(textOf(bytes) ?? '');
  return whole && errorIn(whole, quirks);
}

const textOf = (bytes: Uint8Array): string | undefined => decodeUtf8(bytes)?.replace(/^\uFEFF/, '');

function parseJson(text: string): JsonObject | undefined {
  if (nestsDeeperThan(text, maximumDepth)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseForm(text: string): JsonObject | undefined {
  const fields = Object.fromEntries(new URLSearchParams(text));
  return fields['access_token'] === undefined && fields['error'] === undefined ? undefined : fields;
}

/** The code of RFC 6749 that an error means, whatever its status was. */
function errorIn(whole: JsonObject, { okField, errors = {} }: OAuth2Answer): string | undefined {
  const failed = okField !== undefined && whole[okField] === false;
  const { error } = whole;
  if (!failed && (typeof error !== 'string' || error === '')) return undefined;
  const code = typeof error === 'string' && /^[a-z0-9_.-]{1,64}$/i.test(error) ? error : 'unknown_error';
  return Object.hasOwn(errors, code) ? errors[code] : code;
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function tokenType(type: Json, { bearerNames = [] }: OAuth2Answer): { readonly token_type?: Json } {
  if (typeof type === 'string' && bearerNames.includes(type.toLowerCase())) return { token_type: 'bearer' };
  return type === '' ? {} : { token_type: type };
}

/** Seconds as a number or its text; what is neither says nothing, and what is out of range is brought into it. */
function lifeOf(life: Json | undefined): number | null {
  const seconds = typeof life === 'string' && /^\d{1,12}$/.test(life) ? Number(life) : life;
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return null;
  return Math.min(Math.max(seconds * 1_000, 0), longestLifeMs);
}
