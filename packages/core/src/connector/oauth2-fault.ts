import type { OAuth2Auth, OAuth2Revocation } from './oauth2-auth.ts';

/** A scheme, a host that may hold `{setting}`, and a path; a query is the provider's own business, a fragment and a user nobody's. */
const urlShape = /^https?:\/\/[A-Za-z0-9.{}_:[\]-]+(\/[^#\s]*)?$/;

/** Parameters that the hub writes itself. */
const reserved: ReadonlySet<string> = new Set([
  'assertion',
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'grant_type',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

/** True for a parameter that nobody but the hub may set. */
export const isReservedParameter = (name: string): boolean => reserved.has(name.toLowerCase());

/** What keeps an OAuth declaration from working, or `undefined`. */
export function oauth2Fault(method: OAuth2Auth): string | undefined {
  const { allowedParameters = [], parameters = {}, tokenCalls = 1 } = method;
  const misplaced = addressFault(method);
  if (misplaced !== undefined) return misplaced;
  if (!Number.isInteger(tokenCalls) || tokenCalls < 1 || tokenCalls > 1_000)
    return 'the tokenCalls of its OAuth is no whole number from 1 to 1000';
  if (method.pkce !== undefined && method.pkce !== 'S256' && method.pkce !== 'none')
    return "the pkce of its OAuth is neither 'S256' nor 'none'";
  if (method.clientAuthentication !== undefined && !['basic', 'post', 'none'].includes(method.clientAuthentication))
    return "the clientAuthentication of its OAuth is none of 'basic', 'post' and 'none'";
  if (method.clientAuthentication === 'none' && method.pkce === 'none') return 'its OAuth has neither a client secret nor PKCE';
  if (method.requiresIssuer === true && method.issuer === undefined) return 'its OAuth requires an issuer and names none';
  const revocation = method.revocation === undefined ? undefined : revocationFault(method.revocation, method.revocationUrl);
  if (revocation !== undefined) return revocation;
  const { scopeParameter = 'scope' } = method;
  if (!/^[a-z_]{1,64}$/.test(scopeParameter) || (scopeParameter !== 'scope' && isReservedParameter(scopeParameter)))
    return 'the scopeParameter of its OAuth is no name of a parameter, or one that the hub writes itself';
  if (scopeParameter !== 'scope' && [...allowedParameters, ...Object.keys(parameters)].includes(scopeParameter))
    return `its OAuth names the parameter ${scopeParameter}, by which scopes are asked for`;
  const taken = [...allowedParameters, ...Object.keys(parameters)].find(isReservedParameter);
  return taken === undefined ? undefined : `its OAuth names the parameter ${taken}, which the hub writes itself`;
}

function addressFault({ authorizationUrl, tokenUrl, revocationUrl, issuer }: OAuth2Auth): string | undefined {
  const isUrl = (url: unknown): boolean => typeof url === 'string' && urlShape.test(url);
  if (isFoundByIssuer({ authorizationUrl, tokenUrl })) {
    if (revocationUrl !== undefined) return 'its OAuth names a revocationUrl and no other address';
    // RFC 8414, section 2: an issuer has no query and no fragment.
    return isUrl(issuer) && issuer?.includes('?') === false
      ? undefined
      : 'its OAuth names neither its addresses nor an issuer that is a URL';
  }
  const isWhole = [authorizationUrl, tokenUrl, revocationUrl ?? tokenUrl].every(isUrl);
  return isWhole ? undefined : 'an address of its OAuth is no http(s) URL with a host';
}

/** True where the addresses of an authorization server are to be found in the metadata of its issuer. */
export function isFoundByIssuer(places: {
  readonly authorizationUrl?: string | undefined;
  readonly tokenUrl?: string | undefined;
}): boolean {
  return places.authorizationUrl === undefined && places.tokenUrl === undefined;
}

function revocationFault(
  { method = 'POST', tokenIn, clientAuthentication }: OAuth2Revocation,
  url: string | undefined,
): string | undefined {
  if (url === undefined) return 'its OAuth says how grants are taken back and not where';
  if (!['POST', 'DELETE'].includes(method)) return "the method of its revocation is neither 'POST' nor 'DELETE'";
  if (!['form', 'json', 'address', 'bearer'].includes(tokenIn))
    return "the tokenIn of its revocation is none of 'form', 'json', 'address' and 'bearer'";
  if ((tokenIn === 'address') !== url.includes('{token_value}'))
    return 'the address of its revocation holds {token_value} where the token is not in the address, or does not where it is';
  const isBody = tokenIn === 'form' || tokenIn === 'json';
  if (clientAuthentication === 'post' && !isBody) return "the clientAuthentication of its revocation is 'post', and it has no body";
  if (clientAuthentication === 'basic' && tokenIn === 'bearer') return 'its revocation has two credentials for one header';
  return undefined;
}
