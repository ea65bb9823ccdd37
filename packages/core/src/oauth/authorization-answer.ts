/** What an authorization server sent a browser back with. */
export interface AuthorizationAnswer {
  readonly state: string;
  /** The code, or the error of RFC 6749, section 4.1.2.1, that stands in its place. */
  readonly result: { readonly code: string } | { readonly error: AuthorizationError };
  /** RFC 9207; `null` where it did not say. */
  readonly issuer: string | null;
}

/** Why there is no code, in the words of RFC 6749; whatever else a server says is `other`, and is not repeated. */
export type AuthorizationError = 'access_denied' | 'invalid_scope' | 'temporarily_unavailable' | 'other';

/** Longest query that is looked at, characters: a code may be long, and what is longer is none. */
const longestQuery = 8_192;

const longest = { state: 128, code: 4_096, iss: 1_024, error: 100 };

const errors: readonly string[] = ['access_denied', 'invalid_scope', 'temporarily_unavailable'] satisfies AuthorizationError[];

const isAuthorizationError = (error: string): error is AuthorizationError => errors.includes(error);

/**
 * Reads the query of a callback, without its question mark. `null` for what no authorization server sends: nothing or too much, a name that
 * comes twice, neither or both of code and error, tokens in the address.
 */
export function readAuthorizationAnswer(query: string): AuthorizationAnswer | null {
  if (query.length > longestQuery) return null;
  const fields = new URLSearchParams(query);
  const read = (name: keyof typeof longest): string | null | undefined => {
    const [value = null, ...more] = fields.getAll(name);
    if (more.length > 0 || (value !== null && (value === '' || value.length > longest[name]))) return undefined;
    return value;
  };
  const [state, code, error, issuer] = [read('state'), read('code'), read('error'), read('iss')];
  if (typeof state !== 'string' || code === undefined || error === undefined || issuer === undefined) return null;
  if (['access_token', 'id_token', 'response', 'token'].some((name) => fields.has(name)) || (code === null) === (error === null))
    return null;
  if (code !== null) return { state, result: { code }, issuer };
  return { state, result: { error: error !== null && isAuthorizationError(error) ? error : 'other' }, issuer };
}

/** True where the answer is from the server that was asked, as far as it says and is known (RFC 9207, section 2.4). */
export function isFromIssuer(
  answer: AuthorizationAnswer,
  expected: { readonly issuer: string | null; readonly isRequired: boolean },
): boolean {
  if (answer.issuer === null) return !expected.isRequired;
  return expected.issuer === null || answer.issuer === expected.issuer;
}
